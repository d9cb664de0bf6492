// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// One key that packets are found by, a virtual address with its port or a node port, and what it leads to: the claim that
/// has won it.
struct ServiceEntry: Sendable {
    let claim: Claim
    let contribution: Contribution

    var key: ElementKey { claim.key }
    var shape: Shape { claim.shape }
    var port: ResolvedPort { contribution.service.ports[claim.port] }

    /// `namespace/service:port`
    var label: String { contribution.service.ports[claim.port].label }

    /// Without copying the port.
    func targets(_ list: TrafficPolicy) -> [Endpoint] {
        list == .local
            ? contribution.service.ports[claim.port].endpoints.local
            : contribution.service.ports[claim.port].endpoints.cluster
    }

    /// Who may use a balancer's address; none where nobody is kept out.
    var sourceRanges: [Element] {
        guard case .firewall = shape, let (address, transport, port) = key.service else { return [] }
        return (contribution.service.ports[claim.port].sourceRanges ?? []).map {
            Element(.serviceSource(address, transport, port, $0))
        }
    }

    var isSticky: Bool { contribution.service.ports[claim.port].affinitySeconds != nil }

    /// Whether this claim goes before another one of its key: a ClusterIP before other addresses, then one that leads to
    /// endpoints before one that refuses, then the service that is first by namespace and name.
    func precedes(_ other: ServiceEntry) -> Bool {
        let isClusterIP = (claim.rank == .clusterIP, other.claim.rank == .clusterIP)
        if isClusterIP.0 != isClusterIP.1 { return isClusterIP.0 }
        if !isClusterIP.0, shape.isRefusal != other.shape.isRefusal { return other.shape.isRefusal }
        let (own, others) = (contribution.service.key, other.contribution.service.key)
        if own != others { return own < others }
        return claim.port == other.claim.port ? claim.rank < other.claim.rank : claim.port < other.claim.port
    }
}
