// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
internal import FerruleNetwork

/// The virtual addresses of a service beside its ClusterIPs, of both families, and who may use them.
struct ExternalAddresses {
    /// The addresses in the load balancer's status, without those that are left to it (`ipMode: Proxy`).
    let balancerIPs: [IPAddress]
    /// `spec.externalIPs`; an address that is the balancer's too is the balancer's, so that its ranges hold.
    let externalIPs: [IPAddress]
    private let ranges: [Prefix]

    /// Borrows, because an initializer takes its arguments as copies otherwise.
    init(_ service: borrowing Service) {
        let balancer = service.loadBalancerIngress.filter { ($0.ipMode ?? "VIP") == "VIP" }
            .compactMap { $0.ip.flatMap { IPAddress($0) } }.sortedUnique()
        balancerIPs = balancer
        let isBalancer = Set(balancer)
        externalIPs = service.spec.externalIPs.compactMap { IPAddress($0) }.filter { !isBalancer.contains($0) }
            .sortedUnique()
        ranges = service.spec.loadBalancerSourceRanges.compactMap { Prefix($0) }
    }

    /// `loadBalancerSourceRanges` of a family; nil for no limit, as with no range of the family or one of all addresses.
    ///
    /// A range that holds the node's own address lets the balancer's addresses in too: the node's packets to one of its
    /// own addresses bear that address as their source.
    func sourceRanges(_ family: IPFamily, _ balancerIPs: [IPAddress], nodeAddress: IPAddress?) -> [Prefix]? {
        var ranges = ranges.filter { $0.family == family }
        if balancerIPs.isEmpty || ranges.isEmpty || ranges.contains(where: { $0.length == 0 }) { return nil }
        if let nodeAddress, ranges.contains(where: { $0.contains(nodeAddress) }) {
            ranges += balancerIPs.map { Prefix($0) }
        }
        return ranges.disjoint()
    }
}
