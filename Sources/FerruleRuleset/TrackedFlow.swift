// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// A connection, or what is like one, as the kernel tracks it. Only its first packet has met the rules of a table of type nat.
package struct TrackedFlow: Sendable, Hashable {
    package var transport: TransportProtocol
    /// Who sent the first packet.
    package var source: IPAddress
    /// Where to.
    package var destination: Endpoint
    /// Where answers come from; another than the destination where that has been translated.
    package var responder: Endpoint
    /// Whether one has come (`IPS_SEEN_REPLY`).
    package var isAnswered: Bool

    package init(
        _ transport: TransportProtocol, from source: IPAddress, to destination: Endpoint, responder: Endpoint,
        isAnswered: Bool
    ) {
        (self.transport, self.source, self.destination) = (transport, source, destination)
        (self.responder, self.isAnswered) = (responder, isAnswered)
    }

    /// Whether a service has given it its endpoint.
    package var isDNAT: Bool { responder != destination }
}
