// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Services with their addresses and endpoints, as one node sees them.
package struct ResolvedCluster: Sendable, Equatable {
    package var surroundings = Surroundings()
    /// In the order of namespace and name.
    package var services: [ResolvedService] = []

    package init() {}

    package init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// Services that have virtual addresses.
    package var serviceCount: Int { services.count { $0.kind == .virtual } }
    /// Services with `clusterIP: None`.
    package var headlessCount: Int { services.count { $0.kind == .headless } }
    package var externalNameCount: Int {
        services.count { if case .externalName = $0.kind { true } else { false } }
    }
    /// Services whose labels give them to another proxy.
    package var otherProxyCount: Int { services.count { $0.kind == .leftToAnotherProxy } }
}

/// What holds for all services of a cluster on one node.
package struct Surroundings: Sendable, Equatable {
    /// Which packets come from pods.
    package var podTraffic = PodTraffic.unknown
    /// Disjoint, sorted; empty where none are known, even if addresses were allocated from the default ranges.
    package var serviceCIDRs: [Prefix] = []
    /// Where node ports are served, by family.
    package var nodePortAddresses: [IPFamily: NodePortAddresses] = [:]

    package init() {}

    /// Where node ports of a family are served; everywhere if nothing is known.
    package func nodePortAddresses(_ family: IPFamily) -> NodePortAddresses {
        nodePortAddresses[family] ?? .all(known: [])
    }
}

/// How traffic of pods is told from traffic of others.
package enum PodTraffic: Sendable, Equatable {
    case unknown
    /// By its source address; the ranges are disjoint and sorted. A family without one is unknown.
    case ranges([Prefix])
    /// By the interface that it comes in on, or by the start of its name.
    case interface(String)
    case interfacePrefix(String)

    /// What tells traffic of pods in one family.
    package func of(_ family: IPFamily) -> PodTraffic {
        guard case .ranges(let all) = self else { return self }
        let ranges = all.filter { $0.family == family }
        return ranges.isEmpty ? .unknown : .ranges(ranges)
    }
}

/// The node's own addresses that accept node port traffic.
package enum NodePortAddresses: Sendable, Equatable {
    /// Every local address but loopback.
    ///
    /// - Parameter known: those of them that the input says, sorted; the node may have more.
    case all(known: [IPAddress])
    /// Sorted.
    case listed([IPAddress])
    /// Every local address within some ranges, but loopback.
    ///
    /// - Parameter known: as for ``all(known:)``.
    case within([Prefix], known: [IPAddress])

    /// The addresses that can be named.
    package var addresses: [IPAddress] {
        switch self {
        case .all(let known), .within(_, let known): known
        case .listed(let addresses): addresses
        }
    }

    /// Whether an address serves node ports if it turns out to be the node's.
    package func mayHold(_ address: IPAddress) -> Bool {
        switch self {
        case .all: true
        case .listed(let addresses): addresses.contains(address)
        case .within(let ranges, _): ranges.contains { $0.contains(address) }
        }
    }
}

/// One port of a service in one family: the unit that traffic is balanced for.
package struct ResolvedPort: Sendable, Equatable {
    package var namespace: String
    package var service: String
    /// The port's name; empty where it has none.
    package var name: String
    package var clusterIP: IPAddress?
    package var family: IPFamily
    package var `protocol`: TransportProtocol
    package var internalPolicy = TrafficPolicy.cluster
    package var externalPolicy = TrafficPolicy.cluster
    package var port: Port
    package var nodePort: Port?
    /// `spec.externalIPs` that are not the load balancer's too; sorted, each once.
    package var externalIPs: [IPAddress] = []
    /// The addresses in the load balancer's status that are caught here; sorted, each once.
    package var balancerIPs: [IPAddress] = []
    /// Who may use the balancer's addresses, disjoint and sorted; nil: everybody.
    package var sourceRanges: [Prefix]?
    /// With `sessionAffinity: ClientIP`, how long a client is remembered after its last new connection, in seconds.
    package var affinitySeconds: Int?
    package var endpoints = EndpointLists()

    package init(
        namespace: String, service: String, name: String, family: IPFamily, protocol: TransportProtocol, port: Port,
        clusterIP: IPAddress? = nil
    ) {
        (self.namespace, self.service, self.name) = (namespace, service, name)
        (self.family, self.protocol, self.port, self.clusterIP) = (family, `protocol`, port, clusterIP)
    }

    /// `namespace/service:port`, without the colon where the port has no name.
    package var label: String { ResolvedPort.label(namespace: namespace, service: service, name: name) }

    /// ``label`` from its parts.
    package static func label(namespace: String, service: String, name: String) -> String {
        name.isEmpty ? "\(namespace)/\(service)" : "\(namespace)/\(service):\(name)"
    }
}

/// Which endpoints traffic may go to (`internalTrafficPolicy`, `externalTrafficPolicy`).
package enum TrafficPolicy: String, Sendable {
    case cluster = "Cluster"
    /// Only those on this node.
    case local = "Local"
}

/// The endpoints of a service port.
package struct EndpointLists: Sendable, Equatable {
    /// Those that serve traffic under the policy Cluster: sorted, each once.
    package var cluster: [Endpoint] = []
    /// Those that serve traffic under the policy Local: sorted, each once. Not always a part of `cluster`.
    package var local: [Endpoint] = []
    /// The addresses of all listed endpoints on this node: sorted, each once.
    package var localAddresses: [IPAddress] = []
    /// All endpoints that connections may keep: those that serve, on any node and whatever the policies; sorted, each once.
    package var serving: [Endpoint] = []
    /// Whether any node has an endpoint that takes traffic.
    package var existAnywhere = false

    package init() {}

    /// Whether a client that was given a local endpoint may keep it under the policy Cluster.
    package var localIsPartOfCluster: Bool { Set(local).isSubset(of: cluster) }
}
