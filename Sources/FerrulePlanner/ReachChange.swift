// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Clients who find endpoints of a service port, on some node, though they found none before, or who find none any more.
package struct ReachChange: Sendable {
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

    /// Those of a service port, given its frontends before and after. One for those clients who use the same frontends.
    static func all(_ before: [ServiceView], _ after: [ServiceView]) -> [ReachChange] {
        changes(from: before, to: after, isGain: true) + changes(from: after, to: before, isGain: false)
    }

    /// - Parameters:
    ///   - some: the side on which somebody finds nothing.
    ///   - others: the side on which they do.
    private static func changes(from some: [ServiceView], to others: [ServiceView], isGain: Bool) -> [ReachChange] {
        guard let name = others.first?.name else { return [] }
        let known = Set(some.flatMap(\.clients))
        var clients: [[Frontend]: [Client]] = [:]
        for client in Set(others.flatMap(\.clients)) where !known.cover(client) {
            clients[others.filter { $0.clients.contains(client) }.map(\.frontend).sorted(), default: []].append(client)
        }
        let virtual = others.first { $0.frontend.kind != .nodePort }?.frontend
        return clients.map { frontends, clients in
            ReachChange(
                service: name, port: virtual?.port, transport: (virtual ?? frontends.first)?.transport, isGain: isGain,
                clients: clients.sorted(), frontends: frontends, others: known.sorted())
        }
    }
}

extension ReachChange: Comparable {
    /// Gains first, and of these and of losses those of clients outside; then by name.
    package static func < (left: ReachChange, right: ReachChange) -> Bool {
        if left.isGain != right.isGain { return left.isGain }
        if left.isOutside != right.isOutside { return left.isOutside }
        if left.service != right.service { return left.service < right.service }
        return left.clients.lexicographicallyPrecedes(right.clients)
    }

    package static func == (left: ReachChange, right: ReachChange) -> Bool {
        left.isGain == right.isGain && left.service == right.service && left.clients == right.clients
    }

    private var isOutside: Bool { clients.contains(where: \.isOutside) }
}
