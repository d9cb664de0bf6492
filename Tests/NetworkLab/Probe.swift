// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Who sends a probe.
package enum Client: Sendable, Hashable {
    /// The holder of an address of the topology, from that address.
    case address(IPAddress)
    /// A process on the node that leaves the choice of the address to the kernel, as most do.
    case node

    /// The holder of the address that the text spells, or `node`.
    package init(_ text: String) {
        self = text == "node" ? .node : .address(NetworkLab.address(text))
    }
}

extension Client: ExpressibleByStringLiteral, CustomStringConvertible {
    package init(stringLiteral text: String) { self.init(text) }

    package var description: String {
        switch self {
        case .address(let address): address.description
        case .node: "node"
        }
    }
}

/// The first packet of a new connection, and the wait for its answer.
package struct Probe: Sendable, Hashable, CustomStringConvertible {
    package var client: Client
    package var destination: IPAddress
    package var port: UInt16
    package var transport: TransportProtocol
    /// The client's port; by default one that this lab has not used yet, so that conntrack knows nothing of it.
    package var sourcePort: UInt16?

    package init(
        from client: Client, to destination: IPAddress, _ port: UInt16, _ transport: TransportProtocol = .tcp,
        sourcePort: UInt16? = nil
    ) {
        self.client = client
        self.destination = destination
        self.port = port
        self.transport = transport
        self.sourcePort = sourcePort
    }

    /// The same with the destination spelled out.
    package init(
        from client: Client, to destination: String, _ port: UInt16, _ transport: TransportProtocol = .tcp,
        sourcePort: UInt16? = nil
    ) {
        self.init(from: client, to: address(destination), port, transport, sourcePort: sourcePort)
    }

    /// `10.244.0.6 → 10.96.0.10:53/udp`
    package var description: String { "\(client) → \(SocketAddress(destination, port))/\(transport.name)" }
}
