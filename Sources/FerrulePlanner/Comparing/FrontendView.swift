// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What rulesets do with the traffic of one frontend: that of one node, or those of all nodes.
package struct FrontendView: Sendable, Hashable {
    package let name: ServicePortName
    package let frontend: Frontend
    package private(set) var pods: Route
    package private(set) var node: Route
    package private(set) var outside: Route
    /// Who finds an endpoint there, on any node.
    package internal(set) var clients: Set<Client> = []
    /// Those of places where they are not those at others.
    private(set) var placedClients: [NodePlace: Set<Client>] = [:]
    /// Those at all others; nil where no place has been looked at.
    private var otherClients: Set<Client>?
    /// The places that have been looked at one by one, though packets may find the same there as at others.
    package private(set) var places: Set<NodePlace> = []
    /// Who may use it; nil for everybody.
    package let sourceRanges: [Prefix]?
    /// For how many seconds a client keeps its endpoint; nil without session affinity.
    package internal(set) var affinity: Int?
    /// Whether senders are told apart: those outside reach only endpoints on the node, and keep their address.
    package let isLocal: Bool

    /// - Parameter name: whose it is; the frontend where nobody has written that down.
    init(
        _ name: ServicePortName, _ frontend: Frontend, pods: Route, node: Route, outside: Route,
        sourceRanges: [Prefix]?, affinity: Int?
    ) {
        (self.name, self.frontend) = (name, frontend)
        (self.pods, self.node, self.outside) = (pods, node, outside)
        (self.sourceRanges, self.affinity) = (sourceRanges, affinity)
        isLocal = frontend.isForOutside && !outside.isLike(node)
    }

    package func route(of audience: Audience) -> Route {
        switch audience {
        case .pods: pods
        case .node: node
        case .outside: outside
        }
    }

    /// Whether anybody finds an endpoint, on any node.
    package var isServed: Bool { Audience.allCases.contains { route(of: $0).answer == .served } }

    /// Whether it is of the same frontend of the same service port, whatever rulesets do there.
    func isAt(_ other: FrontendView) -> Bool { name == other.name && frontend == other.frontend }

    /// Adds what becomes of the traffic at another place.
    mutating func merge(_ other: FrontendView, at place: NodePlace) {
        places.insert(place)
        pods.merge(other.pods, at: place)
        node.merge(other.node, at: place)
        outside.merge(other.outside, at: place)
        let others = otherClients ?? clients
        otherClients = others
        // Where only endpoints on the node count, no other node remembers any.
        affinity = affinity ?? other.affinity
        if other.clients != others { placedClients[place] = other.clients }
        clients.formUnion(other.clients)
    }

    /// Who finds an endpoint there on the nodes of a place; nil for any node.
    func clients(at place: NodePlace?) -> Set<Client> {
        guard let place else { return clients }
        return placedClients[place] ?? otherClients ?? clients
    }
}
