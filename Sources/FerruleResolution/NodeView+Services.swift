// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork

extension NodeView {
    /// What a service is on this node: which endpoints are local, which ones hints mean for it, and whom it lets in.
    func resolve(_ service: ClusterService) -> ResolvedService {
        var resolved = ResolvedService(service.key, service.kind)
        guard case .virtual = service.kind else { return resolved }
        resolved.healthCheckNodePort = service.healthCheckNodePort
        resolved.ports.reserveCapacity(service.ports.count * service.clusterIPs.count)
        for family in IPFamily.allCases {
            guard let clusterIP = service.clusterIPs.first(where: { $0.family == family }) else { continue }
            let balancerIPs = service.balancerIPs.filter { $0.family == family }
            let ranges = service.sourceRanges(
                family, balancerIPs: balancerIPs, nodeAddress: primaryAddress(family))
            for place in service.ports.indices {
                resolved.ports.append(
                    resolve(service, port: place, clusterIP, balancerIPs: balancerIPs, sourceRanges: ranges))
            }
        }
        return resolved
    }

    private func resolve(
        _ service: ClusterService, port place: Int, _ clusterIP: IPAddress, balancerIPs: [IPAddress],
        sourceRanges: [Prefix]?
    ) -> ResolvedPort {
        let (port, family) = (service.ports[place], clusterIP.family)
        var view = ResolvedPort(
            namespace: service.key.namespace, service: service.key.name, name: port.name, family: family,
            protocol: port.protocol, port: port.number, clusterIP: clusterIP)
        view.externalIPs = service.externalIPs.filter { $0.family == family }
        view.balancerIPs = balancerIPs
        view.sourceRanges = sourceRanges
        view.nodePort = port.nodePort
        view.internalPolicy = service.internalPolicy
        view.externalPolicy = service.externalPolicy
        view.affinitySeconds = service.affinitySeconds
        view.endpoints = EndpointLists(port.candidates[family], nodeName: name, zone: zone)
        if service.healthCheckNodePort != nil, let name {
            view.areLocalLeaving = port.candidates[family].areLeaving(name)
        }
        return view
    }
}

extension ClusterService {
    /// `loadBalancerSourceRanges` of a family; nil for no limit, as with no range of the family or one of all addresses.
    ///
    /// A range that holds the node's own address lets the balancer's addresses in too: the node's packets to one of its
    /// own addresses bear that address as their source.
    fileprivate func sourceRanges(
        _ family: IPFamily, balancerIPs: [IPAddress], nodeAddress: IPAddress?
    ) -> [Prefix]? {
        guard !sourceRanges.isEmpty else { return nil }
        var ranges = sourceRanges.filter { $0.family == family }
        if balancerIPs.isEmpty || ranges.isEmpty || ranges.contains(where: { $0.length == 0 }) { return nil }
        if let nodeAddress, ranges.contains(where: { $0.contains(nodeAddress) }) {
            ranges += balancerIPs.map { Prefix($0) }
        }
        return ranges.disjoint()
    }
}
