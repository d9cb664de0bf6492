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
            let ranges = balancerIPs.isEmpty ? nil : service.sourceRanges(family)
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
        if let sourceRanges, let address = primaryAddress(family) {
            view.sourcesHoldNode = sourceRanges.contains { $0.contains(address) }
        }
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
    fileprivate func sourceRanges(_ family: IPFamily) -> [Prefix]? {
        let ranges = sourceRanges.filter { $0.family == family }
        if ranges.isEmpty, !hasUnreadableSourceRange { return nil }
        return ranges.contains { $0.length == 0 } ? nil : ranges.disjoint()
    }
}
