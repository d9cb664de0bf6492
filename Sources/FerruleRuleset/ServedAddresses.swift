// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Where a table serves connections in its family, and what those that are tracked already may point at.
package struct ServedAddresses: Sendable, Hashable {
    /// What stands behind a virtual address and port, or a node port.
    package struct Service: Sendable, Hashable {
        /// All endpoints that serve, on any node and whatever the policies: sorted, each once.
        package var endpoints: [Endpoint]
        /// Who may use the address, disjoint and sorted; nil: everybody.
        package var sources: [Prefix]?
        /// Whether a node port of the same number answers instead, where the address is one that serves node ports.
        package var yieldsToNodePort: Bool
        /// Whether the address is a ClusterIP, whose other ports are refused.
        package var isAtClusterIP: Bool

        package init(
            endpoints: [Endpoint] = [], sources: [Prefix]? = nil, yieldsToNodePort: Bool = false,
            isAtClusterIP: Bool = false
        ) {
            (self.endpoints, self.sources) = (endpoints, sources)
            (self.yieldsToNodePort, self.isAtClusterIP) = (yieldsToNodePort, isAtClusterIP)
        }
    }

    /// The node's own addresses that node ports are served on.
    package enum NodeAddresses: Sendable, Hashable {
        case listed(Set<IPAddress>)
        /// All local ones within some ranges, but loopback; without ranges all.
        case local(within: [Prefix])
    }

    /// By virtual address and port (``ElementKey/service(_:_:_:)``).
    package var services = ServedElements()
    /// By node port (``ElementKey/port(_:_:)``).
    package var nodePorts = ServedElements()
    package var nodeAddresses = NodeAddresses.listed([])
    /// Ranges whose other addresses are not answered; disjoint and sorted.
    package var serviceCIDRs: [Prefix] = []

    package init() {}

    /// Whether nothing is served here.
    package var isEmpty: Bool { services.isEmpty && nodePorts.isEmpty && serviceCIDRs.isEmpty }

    /// Who serves a packet's destination, found as the chain `dispatch` and those behind it find it.
    ///
    /// - Parameter localAddresses: those that the node has.
    func service(_ transport: TransportProtocol, _ destination: Endpoint, _ localAddresses: Set<IPAddress>) -> Service?
    {
        let nodePort =
            isNodeAddress(destination.address, localAddresses) ? nodePorts[.port(transport, destination.port)] : nil
        guard var service = services[.service(destination.address, transport, destination.port)] else {
            return nodePort
        }
        if service.yieldsToNodePort, let nodePort { service.endpoints = nodePort.endpoints }
        return service
    }

    /// Whether the chain `unserved` refuses or drops what goes to an address and is not served there.
    func isGuarded(_ address: IPAddress) -> Bool {
        services.haveClusterIP(address) || serviceCIDRs.contains { $0.contains(address) }
    }

    private func isNodeAddress(_ address: IPAddress, _ localAddresses: Set<IPAddress>) -> Bool {
        switch nodeAddresses {
        case .listed(let addresses): addresses.contains(address)
        case .local(let ranges):
            localAddresses.contains(address) && !address.isLoopback
                && (ranges.isEmpty || ranges.contains { $0.contains(address) })
        }
    }
}
