// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Services with their addresses and endpoints, as one node sees them.
package struct ResolvedCluster: Sendable, Equatable {
    package var surroundings = Surroundings()
    /// In the order of namespace and name.
    package var services: [ResolvedService] = []

    package init() {}

    package init(_ surroundings: Surroundings) { self.surroundings = surroundings }

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
