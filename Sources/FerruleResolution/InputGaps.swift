// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleText

/// Finds what an input lacks to be all that a node has to know. Applied, it would take the rules of services or their
/// endpoints from the node, so it is refused there; elsewhere it is only said.
struct InputGaps {
    /// With placeholder pods where those are asked for.
    let store: ClusterStore
    let options: ResolutionOptions

    /// What `kubectl` dumps a cluster with, so that nothing is missing.
    private static let dump = "kubectl get services,endpointslices,nodes -A -o yaml"

    var diagnostics: [Diagnostic] { services + endpoints + node }

    private var services: [Diagnostic] {
        guard store.services.isEmpty else { return [] }
        return [
            diagnostic(
                "the input holds no Service: none is served", hint: "a whole dump is `\(InputGaps.dump)`")
        ]
    }

    private var endpoints: [Diagnostic] { endpoints { $0.hasClusterIP && !$0.isForAnotherProxy } }

    /// The services without endpoints, among those that need some, if the input tells of no endpoints at all.
    func endpoints(needs: (Service) -> Bool) -> [Diagnostic] {
        guard !store.tellsOfEndpoints else { return [] }
        let names = lackingEndpoints(needs).map(\.meta.displayName)
        guard let first = names.min() else { return [] }
        let more = names.count - 1
        return [
            diagnostic(
                (more == 0 ? "\(first) has a selector" : "\(first) and \(more) more have selectors")
                    + ", but the input holds no EndpointSlice, Endpoints or Pod: "
                    + (more == 0 ? "it has no endpoints" : "they have no endpoints"),
                hint: "a dump with endpoints is `\(InputGaps.dump)`")
        ]
    }

    /// The services whose endpoints are the pods that they select. Of those whose pods the input declares it is said one by one,
    /// unless that is too little.
    private func lackingEndpoints(_ needs: (Service) -> Bool) -> [Service] {
        store.services.objects.filter { service in
            guard needs(service), let selector = service.spec.selector, !selector.isEmpty else { return false }
            return options.refusesGaps || store.workloads(matching: selector, in: service.meta.namespace).isEmpty
        }
    }

    /// The node is named, and is none of those that the input has: a slip of the pen changes which endpoints are local, and
    /// which zone hints are for. Who says its addresses has said that the input does not know it.
    private var node: [Diagnostic] {
        guard let name = options.nodeName, !store.nodes.isEmpty, store.nodes[ObjectKey("", name)] == nil else {
            return []
        }
        let known = store.nodes.sortedKeys.map(\.name)
        let names = listed(known, shown: 5)
        let isAddressed = !options.nodeAddresses.isEmpty
        let unknown = isAddressed ? "its zone is" : "its addresses and its zone are"
        let message =
            "the input has no Node \(name), only \(names): \(unknown) not known, nor which endpoints are on it"
        guard !isAddressed else {
            return [Diagnostic(.warning, message, hint: "pass --node-name with one of these, if one is meant")]
        }
        return [
            diagnostic(
                message,
                hint: "pass --node-name with one of these, or --node-ip with the addresses of a node that the input "
                    + "does not know")
        ]
    }

    private func diagnostic(_ message: String, hint: String) -> Diagnostic {
        guard options.refusesGaps else { return Diagnostic(.warning, message, hint: hint) }
        return Diagnostic(.error, message, hint: hint + "; --allow-empty applies it nevertheless")
    }
}

extension ClusterStore {
    /// Whether anything tells of endpoints, of whatever service.
    var tellsOfEndpoints: Bool { !endpointSlices.isEmpty || !endpoints.isEmpty || !pods.isEmpty }
}
