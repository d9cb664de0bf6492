// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
internal import FerruleNetwork

extension ClusterService {
    /// Takes the virtual addresses of a service beside its ClusterIPs, and who may use them.
    ///
    /// A balancer's address that is left to it (`ipMode: Proxy`) is not caught; one that is an external IP too is the
    /// balancer's, so that its ranges hold. An external IP that is of one machine alone, such as 127.0.0.1, would take that from
    /// the node. A range that cannot be read lets nobody in; it does not open the balancer to all, as no range would.
    mutating func takeExternalAddresses(of service: Service) {
        if !service.loadBalancerIngress.isEmpty {
            balancerIPs = service.loadBalancerIngress.filter { ($0.ipMode ?? "VIP") == "VIP" }
                .compactMap { $0.ip.flatMap { IPAddress($0) } }.sortedUnique()
        }
        if !service.spec.externalIPs.isEmpty {
            let isBalancer = Set(balancerIPs)
            externalIPs = service.spec.externalIPs.compactMap { IPAddress($0) }
                .filter { !isBalancer.contains($0) && !$0.isOfOneMachine }.sortedUnique()
        }
        let ranges = service.spec.loadBalancerSourceRanges
        sourceRanges = ranges.compactMap { Prefix($0) }
        hasUnreadableSourceRange = sourceRanges.count < ranges.count
    }
}
