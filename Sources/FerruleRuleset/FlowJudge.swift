// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleText

/// Finds the tracked connections of one family that a ruleset contradicts: they pass none of its rules, and would go on as
/// before.
///
/// What has been answered is left alone, as rules for first packets leave it, with one exception: UDP has no end by which a
/// client would notice that its endpoint is gone.
package struct FlowJudge: Sendable {
    /// What stands in the kernel now.
    private let served: ServedAddresses
    /// What stood there before; nil where that is the same.
    private let former: ServedAddresses?
    private let localAddresses: Set<IPAddress>

    /// - Parameter localAddresses: those that the node has.
    package init(_ served: ServedAddresses, former: ServedAddresses? = nil, localAddresses: Set<IPAddress>) {
        (self.served, self.former, self.localAddresses) = (served, former, localAddresses)
    }

    /// Whether no connection can be contradicted.
    package var isIdle: Bool { served.isEmpty && former?.isEmpty ?? true }

    /// Whether any ruleset can contradict a connection, without a look at its addresses: most of a node's are none of these.
    package static func concerns(_ transport: TransportProtocol, isAnswered: Bool) -> Bool {
        transport == .udp || !isAnswered
    }

    /// Whether the ruleset would do something else with the connection's first packet than what was done with it.
    ///
    /// Which of the endpoints that serve a packet is given, does not count: as in kube-proxy, policies, hints and the end of an
    /// endpoint that still serves move nobody.
    package func contradicts(_ flow: TrackedFlow) -> Bool {
        let isOpen = FlowJudge.concerns(flow.transport, isAnswered: flow.isAnswered)
        guard let service = served.service(flow.transport, flow.destination, localAddresses) else {
            if flow.isDNAT { return isOpen && wasServed(flow) }
            return !flow.isAnswered && isUnserved(flow.destination.address)
        }
        if service.endpoints.sortedPlace(of: flow.responder) == nil { return isOpen }
        guard let sources = service.sources else { return false }
        return !flow.isAnswered && !sources.contains { $0.contains(flow.source) }
    }

    /// Whether a service that is gone has translated the connection.
    private func wasServed(_ flow: TrackedFlow) -> Bool {
        former?.service(flow.transport, flow.destination, localAddresses) != nil
    }

    /// Whether the chain `unserved` refuses or drops what goes to the address.
    private func isUnserved(_ address: IPAddress) -> Bool {
        guard !localAddresses.contains(address) else { return false }
        return served.isGuarded(address)
    }
}
