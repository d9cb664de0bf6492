// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// The first packet of a connection, as far as rules ask for it.
package struct Packet: Sendable, Hashable {
    package var source: IPAddress
    /// Of the same family.
    package var destination: Endpoint
    package var transport: TransportProtocol
    /// The interface that it came in by; nil where that is not known. What a process on the node sends has none.
    package var inputInterface: String?
    package var mark: UInt32 = 0

    package init(
        from source: IPAddress, to destination: Endpoint, _ transport: TransportProtocol,
        inputInterface: String? = nil
    ) {
        (self.source, self.destination, self.transport) = (source, destination, transport)
        self.inputInterface = inputInterface
    }

    package var family: IPFamily { destination.address.family }

    /// Where a packet enters a node.
    package enum Entry: Sendable, Hashable {
        /// From pods and from outside.
        case prerouting
        /// From a process on the node.
        case output

        var hook: BaseChain.Hook { self == .prerouting ? .prerouting : .output }
    }
}
