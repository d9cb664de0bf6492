// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Services with their addresses and endpoints, as one node sees them.
package struct ResolvedCluster: Sendable, Equatable {
    /// Disjoint, sorted.
    package var clusterCIDRs: [Prefix] = []
    /// Disjoint, sorted; empty where none are known, even if addresses were allocated from the default ranges.
    package var serviceCIDRs: [Prefix] = []
    /// Where node ports are served, by family.
    package var nodePortAddresses: [IPFamily: ResolvedNodePortAddresses] = [:]
    /// One entry a service port and family, in the order of namespace, name, family, protocol and port.
    package var ports: [ResolvedPort] = []
    /// Services in `ports`.
    package var serviceCount = 0
    /// Services with `clusterIP: None`.
    package var headlessCount = 0
    package var externalNameCount = 0

    package init() {}
}

/// The node's own addresses that accept node port traffic.
package enum ResolvedNodePortAddresses: Sendable, Equatable {
    /// Every local address but loopback.
    case all
    /// Sorted.
    case listed([IPAddress])
}

/// One port of a service in one family: the unit that traffic is balanced for.
package struct ResolvedPort: Sendable, Equatable {
    package var namespace: String
    package var service: String
    /// The port's name; empty where it has none.
    package var name: String
    package var family: IPFamily
    package var `protocol`: TransportProtocol
    package var port: Port
    package var clusterIP: IPAddress?
    /// Other virtual addresses, from `spec.externalIPs` and the load balancer's status; sorted, each once.
    package var externalAddresses: [IPAddress] = []
    package var nodePort: Port?
    package var endpoints = EndpointLists()

    /// `namespace/service:port`, without the colon where the port has no name.
    package var label: String {
        name.isEmpty ? "\(namespace)/\(service)" : "\(namespace)/\(service):\(name)"
    }
}

/// The endpoints of a service port.
package struct EndpointLists: Sendable, Equatable {
    /// Those that serve traffic under the policy Cluster: sorted, each once.
    package var cluster: [Target] = []
    /// The addresses of those on this node: sorted, each once.
    package var localAddresses: [IPAddress] = []

    package init() {}
}

/// Where traffic of a service goes: an address and port of a pod.
package struct Target: Sendable, Hashable, Comparable {
    package let address: IPAddress
    package let port: Port

    package init(_ address: IPAddress, _ port: Port) { (self.address, self.port) = (address, port) }

    package static func < (left: Target, right: Target) -> Bool {
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}
