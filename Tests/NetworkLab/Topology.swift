// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Which addresses stand where around the node.
///
/// ```
///                                  ┌─ pod0 ── local pod 0        (a namespace each)
///   outside ── outside [node] ─────┼─ pod1 ── local pod 1
///                        │         └─ ...
///                      uplink ── remote                          (remote nodes, their pods)
/// ```
///
/// The node routes each address to its interface by a host route and everything else (VIPs without a rule, say) to
/// `outside`, where it ends. Everybody's default gateway is the node: what goes from one namespace to another passes
/// it, and replies pass it again. Traffic between two addresses of *one* namespace does not, so a reply that the node
/// would have to translate back is lost; hence one namespace for each local pod. Addresses of both families in one
/// namespace never meet and are no problem.
package struct Topology: Sendable, Equatable {
    /// The node's own addresses, on `uplink`; the first of each family is the one it sends from.
    package var node = addresses("192.0.2.11", "2001:db8::11")
    /// The addresses of each local pod: element `i` is a namespace behind the node's interface `podI`.
    package var localPods = [
        addresses("10.244.0.6", "fd00:10:244::6"),
        addresses("10.244.0.7", "fd00:10:244::7"),
    ]
    /// Everything on other nodes: those nodes' addresses and their pods'.
    package var remote = addresses(
        "192.0.2.12", "2001:db8::12", "10.244.1.6", "fd00:10:244:1::6", "10.244.1.7", "fd00:10:244:1::7")
    /// Clients out of the cluster.
    package var outside = addresses(
        "198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4",
        "2001:db8:ffff::1", "2001:db8:ffff::2", "2001:db8:ffff::3", "2001:db8:ffff::4")

    /// The default addresses.
    package init() {}

    /// The default node and clients with other pods: each local address becomes a pod of its own.
    package init(localPods: [IPAddress], remote: [IPAddress]) {
        self.localPods = localPods.map { [$0] }
        self.remote = remote
    }

    /// The pods' addresses on every node and the other nodes': where ``Lab/serve(_:_:on:)`` listens by default.
    package var servers: [IPAddress] { localPods.flatMap(\.self) + remote }

    /// The families that the node has an address of; other families' addresses cannot be reached.
    var families: [IPFamily] {
        IPFamily.allCases.filter { family in node.contains { $0.family == family } }
    }

    /// The node's first address of a family.
    package func nodeAddress(_ family: IPFamily) -> IPAddress? {
        node.first { $0.family == family }
    }
}

/// The addresses that the texts spell, for tables in tests; a text that is no address is a mistake in the test.
package func addresses(_ texts: String...) -> [IPAddress] {
    texts.map(address(_:))
}

/// The address that a text spells; a text that is no address is a mistake in the test.
package func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("'\(text)' is not an address") }
    return address
}
