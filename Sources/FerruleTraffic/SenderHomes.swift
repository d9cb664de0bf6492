// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
package import FerruleNetwork
package import FerruleResolution

/// The nodes that senders are on, as far as the definitions say. A sender's packets meet the rules of its own node first.
package struct SenderHomes: Sendable {
    /// By address: of endpoints, and of pods, which know better.
    private var nodes: [IPAddress: String] = [:]

    package init(_ definitions: ClusterResolver) {
        let pods = definitions.pods
        for endpoint in definitions.store.endpoints.objects.lazy.flatMap(\.subsets).flatMap(\.addresses) {
            put([endpoint.ip].compactMap { IPAddress($0) }, on: endpoint.nodeName)
        }
        for endpoint in definitions.store.endpointSlices.objects.lazy.flatMap(\.endpoints) {
            put(endpoint.addresses.compactMap { IPAddress($0) }, on: endpoint.nodeName)
        }
        for place in pods.sortedPlaces where !pods.objects[place].hasEnded {
            put(pods.objects[place].addresses, on: pods.objects[place].home)
        }
    }

    /// What does not say a node leaves what others say.
    private mutating func put(_ addresses: [IPAddress], on node: String?) {
        guard let node else { return }
        for address in addresses { nodes[address] = node }
    }

    /// The names of the nodes that an address is on.
    package var nodeNames: Set<String> { Set(nodes.values) }

    /// The name of the node that an address is on; nil where that is not known.
    package func node(of address: IPAddress) -> String? { nodes[address] }
}

extension TrafficSource {
    /// The name of the node that it is on; nil where that is not known, and for a source that is on no node of its own.
    package func node(_ definitions: ClusterResolver) -> String? {
        switch self {
        // All endpoints have to be looked at, which the others need not wait for.
        case .address(let address): SenderHomes(definitions).node(of: address)
        case .pod(let key): definitions.pods[key]?.home
        case .node, .outside: nil
        }
    }
}
