// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Clients who find endpoints of a service port though they found none before, or who find none any more: on no node, or on
/// nodes of some places, while they do, or did, on others.
package struct ReachChange: Sendable, Hashable {
    package let service: ServicePortName
    /// The port that the service has; nil where it has node ports alone.
    package let port: Port?
    package let transport: TransportProtocol?
    /// Whether they find some now; else they did.
    package let isGain: Bool
    /// Sorted.
    package let clients: [Client]
    /// Where they do, or did; sorted.
    package let frontends: [Frontend]
    /// Of a gain those who could before, of a loss those who still can; sorted.
    package let others: [Client]
    /// Those of ``others`` who use none of ``frontends``, and where they find the service port instead; sorted.
    package let detours: Detours
    /// Where, in order, while elsewhere they could before, or still can; nil where they could, or can, on no node.
    package private(set) var places: [NodePlace]?

    /// Those of a service port, given its frontends before and after. One for those clients who use the same frontends.
    static func all(_ before: [FrontendView], _ after: [FrontendView], _ nodes: KnownNodes) -> [ReachChange] {
        let groups = nodes.groups(before: SeenPlaces(of: before), after: SeenPlaces(of: after))
        return [(before, after, true), (after, before, false)].flatMap { some, others, isGain in
            changes(from: some, to: others, isGain: isGain)
                + placedChanges(from: some, to: others, isGain: isGain, groups)
        }
    }

    /// One for all places where the same clients gain or lose the same.
    private static func placedChanges(
        from some: [FrontendView], to others: [FrontendView], isGain: Bool, _ groups: [PlaceGroup]
    ) -> [ReachChange] {
        var all: [ReachChange] = []
        for group in groups {
            for change in changes(from: some, to: others, isGain: isGain, at: group) {
                if let index = all.firstIndex(where: { $0.isLike(change) }) {
                    all[index].places = ((all[index].places ?? []) + group.members).sorted()
                } else {
                    all.append(change)
                }
            }
        }
        return all
    }

    /// Whether the same clients gain or lose the same, wherever that is.
    private func isLike(_ other: ReachChange) -> Bool {
        clients == other.clients && frontends == other.frontends && others == other.others && detours == other.detours
    }

    /// - Parameters:
    ///   - some: the side on which somebody finds nothing.
    ///   - others: the side on which they do.
    ///   - group: where; of clients who find nothing on any node there is nothing to tell of places. nil for all nodes.
    private static func changes(
        from some: [FrontendView], to others: [FrontendView], isGain: Bool, at group: PlaceGroup? = nil
    ) -> [ReachChange] {
        guard let name = others.first?.name else { return [] }
        let places = group.map { isGain ? ($0.sides.before, $0.sides.after) : ($0.sides.after, $0.sides.before) }
        let (somePlace, place) = (places?.0, places?.1)
        let anywhere = Set(some.flatMap(\.clients))
        let known = Set(some.flatMap { $0.clients(at: somePlace) })
        var clients: [[Frontend]: [Client]] = [:]
        for client in Set(others.flatMap { $0.clients(at: place) }) where !known.cover(client) {
            guard place == nil || anywhere.cover(client) else { continue }
            let frontends = others.filter { $0.clients(at: place).contains(client) }.map(\.frontend).sorted()
            clients[frontends, default: []].append(client)
        }
        let virtual = others.first { $0.frontend.kind != .nodePort }?.frontend
        return clients.map { frontends, clients in
            ReachChange(
                service: name, port: virtual?.port, transport: (virtual ?? frontends.first)?.transport, isGain: isGain,
                clients: clients.sorted(), frontends: frontends, others: known.sorted(),
                detours: Detours(of: known, around: frontends, some, at: somePlace), places: group?.members)
        }
    }

    /// Other ways of clients to a service port.
    package struct Detours: Sendable, Hashable {
        package let clients: [Client]
        package let frontends: [Frontend]

        /// - Parameters:
        ///   - known: all who find the port.
        ///   - frontends: those that detours do not lead to.
        ///   - views: the frontends of the port.
        fileprivate init(
            of known: Set<Client>, around frontends: [Frontend], _ views: [FrontendView], at place: NodePlace?
        ) {
            let direct = views.filter { frontends.contains($0.frontend) }.flatMap { $0.clients(at: place) }
            let clients = known.subtracting(direct)
            self.clients = clients.sorted()
            self.frontends = views.filter { !$0.clients(at: place).isDisjoint(with: clients) }.map(\.frontend).sorted()
        }
    }
}

extension SeenPlaces {
    /// Those of a service port's frontends, by who finds an endpoint there.
    fileprivate init(of views: [FrontendView]) {
        self.init(
            listed: Set(views.flatMap(\.placedClients.keys)), seen: views.reduce(into: []) { $0.formUnion($1.places) })
    }
}

extension ReachChange {
    /// Gains first, and of these and of losses those of clients outside; then by name.
    func precedes(_ other: ReachChange) -> Bool {
        if isGain != other.isGain { return isGain }
        if isOutside != other.isOutside { return isOutside }
        if service != other.service { return service < other.service }
        if clients != other.clients { return clients.lexicographicallyPrecedes(other.clients) }
        return (places ?? []).lexicographicallyPrecedes(other.places ?? [])
    }

    private var isOutside: Bool { clients.contains(where: \.isOutside) }
}
