// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleKubernetes
package import FerruleNetwork
package import FerruleResolution

/// The nodes that senders are on, as far as the definitions say. A sender's packets meet the rules of its own node first.
package struct SenderHomes: Sendable {
    private let pods: ObjectTable<Pod>
    /// By address: of endpoints, and of pods, which know better.
    private var nodes: [String: String] = [:]

    package init(_ definitions: ClusterResolver) {
        pods = definitions.pods
        for slice in definitions.store.endpointSlices.objects {
            for endpoint in slice.endpoints {
                for address in endpoint.addresses { nodes[address] = endpoint.nodeName }
            }
        }
        for endpoint in definitions.store.endpoints.objects.lazy.flatMap(\.subsets).flatMap(\.addresses) {
            nodes[endpoint.ip] = nodes[endpoint.ip] ?? endpoint.nodeName
        }
        for place in pods.sortedPlaces where pods.objects[place].mayStillSend {
            for address in pods.objects[place].podIPs { nodes[address] = pods.objects[place].home }
        }
    }

    /// The names of the nodes that an address is on.
    package var nodeNames: Set<String> { Set(nodes.values) }

    /// The name of the node that an address is on; nil where that is not known.
    package func node(of address: IPAddress) -> String? { nodes[address.description] }

    /// The name of the node that a sender is on; nil where that is not known, and for a source that is on no node of its own.
    package func node(of source: TrafficSource) -> String? {
        switch source {
        case .address(let address): node(of: address)
        case .pod(let key): pods[key]?.home
        case .node, .outside: nil
        }
    }
}

extension Pod {
    /// Whether it has not come to its end.
    package var mayStillSend: Bool { phase != "Succeeded" && phase != "Failed" }
}
