// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

/// Where clients find a service port: a virtual address and port, or a node port.
package struct Frontend: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case clusterIP
        /// An external IP or the address of a load balancer.
        case externalAddress
        case nodePort
    }

    package let kind: Kind
    package let family: IPFamily
    /// ``ElementKey/service(_:_:_:)`` or ``ElementKey/port(_:_:)``.
    package let key: ElementKey

    /// Whether clients outside the cluster are meant to use it.
    package var isForOutside: Bool { kind != .clusterIP }

    /// Where packets find it.
    struct Location: Hashable {
        let family: IPFamily
        let key: ElementKey
    }

    var location: Location { Location(family: family, key: key) }

    /// Whether packets find both in the same way, even if one is a ClusterIP and the other an external address.
    package func isAt(_ other: Frontend) -> Bool { key == other.key && family == other.family }

    /// nil for a node port.
    package var address: IPAddress? { key.service?.address }

    package var port: Port? { key.service?.port ?? key.port?.port }

    package var transport: TransportProtocol? {
        key.service?.transport ?? key.port?.transport
    }
}

extension Frontend: CustomStringConvertible, Comparable {
    /// `10.96.1.5:80/tcp`, `[fd00::5]:80/tcp`, `node port 30080/tcp`; node ports of IPv6 say so.
    package var description: String {
        if let (address, transport, port) = key.service { return "\(Endpoint(address, port))/\(transport.name)" }
        guard let (transport, port) = key.port else { return "an element of another kind" }
        return "node port \(port)/\(transport.name)" + (family == .ipv6 ? " (IPv6)" : "")
    }

    /// Virtual addresses before node ports, IPv4 before IPv6.
    package static func < (left: Frontend, right: Frontend) -> Bool {
        if left.rank != right.rank { return left.rank < right.rank }
        if left.family != right.family { return left.family < right.family }
        return left.key < right.key
    }

    private var rank: Int {
        switch kind {
        case .clusterIP: 0
        case .externalAddress: 1
        case .nodePort: 2
        }
    }
}
