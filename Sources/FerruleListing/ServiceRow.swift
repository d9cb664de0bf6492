// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import FerruleKubernetes
package import FerruleNetwork
internal import FerrulePlanner
package import FerruleResolution

/// A service of a listing. What its source does not know is nil.
package struct ServiceRow: Sendable, Equatable {
    /// Without a namespace where nobody has written down whose a frontend in the kernel is: the name then is the frontend.
    package let key: ObjectKey
    /// nil in a kernel, which serves all types alike.
    package let type: ServiceType?
    package let kind: ClusterService.Kind
    /// The name that an ExternalName stands for; empty for other services.
    package private(set) var externalName = ""
    /// In definitions the primary one is the first.
    package private(set) var clusterIPs: [IPAddress] = []
    /// External IPs and balancers' addresses, as far as nodes serve them: sorted, each once. Those that another service gets are
    /// among them until ``ServiceListing/withoutLostAddresses(_:)`` is asked.
    package private(set) var externalAddresses: [IPAddress] = []
    /// Those of ``externalAddresses`` that are a balancer's; nil in a kernel.
    package private(set) var balancerIPs: [IPAddress]?
    /// The names and addresses that lead to a balancer itself, which no node serves (`hostname`, `ipMode: Proxy`): sorted, each
    /// once; none in a kernel.
    package private(set) var remoteBalancers: [String] = []
    /// Whether a load balancer is asked for, and none has given an address or a name yet; never in a kernel.
    package private(set) var awaitsBalancer = false
    /// nil in a kernel, where the endpoints of other nodes just do not stand.
    package private(set) var internalPolicy: TrafficPolicy?
    /// nil in a kernel where the rules do not show it.
    package private(set) var externalPolicy: TrafficPolicy?
    /// With session affinity, for how many seconds a client keeps its endpoint.
    package private(set) var affinitySeconds: Int?
    /// Who may use the balancers' addresses: sorted, each once; nil for everybody, none for nobody.
    package private(set) var sourceRanges: [Prefix]?
    package private(set) var ports: [ServicePortRow] = []
    package let endpointCount: EndpointCount
}

extension ServiceRow {
    /// - Parameters:
    ///   - service: as it is on every node.
    ///   - resolved: as the node sees it that ``ClusterResolver/nodeName`` names.
    ///   - resolver: the one that both are from.
    package init(_ service: ClusterService, _ resolved: ResolvedService, _ resolver: ClusterResolver) {
        (key, type, kind) = (service.key, service.type, service.kind)
        switch service.kind {
        case .virtual: ports = ServicePortRow.all(of: service, resolved, resolver)
        case .headless: ports = ServicePortRow.all(ofHeadless: service, resolver)
        case .externalName: externalName = service.externalName
        case .leftToAnotherProxy: break
        }
        clusterIPs = service.clusterIPs
        endpointCount = EndpointCount(of: ports)
        guard service.kind == .virtual else { return }
        // In a family in which the service has no ClusterIP nothing is served.
        let families = Set(service.clusterIPs.map(\.family))
        let served = { (addresses: [IPAddress]) in addresses.filter { families.contains($0.family) } }
        balancerIPs = served(service.balancerIPs)
        externalAddresses = served(service.externalIPs + service.balancerIPs).sorted()
        let ingress = resolver.store.services[service.key]?.loadBalancerIngress ?? []
        awaitsBalancer = service.type == .loadBalancer && ingress.isEmpty
        remoteBalancers = Set(ingress.compactMap(\.remoteBalancer)).sorted()
        (internalPolicy, externalPolicy) = (service.internalPolicy, service.externalPolicy)
        affinitySeconds = service.affinitySeconds
        sourceRanges = resolved.ports.compactMap(\.sourceRanges).joinedRanges
    }
}

extension ServiceRow {
    /// The same without the external addresses of which something is not true.
    func keepingExternalAddresses(where isKept: (IPAddress) -> Bool) -> ServiceRow {
        var row = self
        row.externalAddresses.removeAll { !isKept($0) }
        row.balancerIPs?.removeAll { !isKept($0) }
        return row
    }
}

extension LoadBalancerIngress {
    /// Where it leads to the balancer itself; nil where nodes catch its address. One that has an address goes by that, whatever its
    /// name.
    fileprivate var remoteBalancer: String? {
        guard let ip, !ip.isEmpty else { return hostname.flatMap { $0.isEmpty ? nil : $0 } }
        return ipMode ?? "VIP" == "VIP" ? nil : ip
    }
}

extension ServiceRow {
    /// - Parameters:
    ///   - key: whose the frontends are.
    ///   - views: the frontends of a service in a kernel, of both families.
    init(_ key: ObjectKey, _ views: [FrontendView]) {
        (self.key, type, kind) = (key, nil, .virtual)
        ports = ServicePortRow.all(of: views)
        endpointCount = EndpointCount(ofKernel: ports)
        func addresses(_ kind: Frontend.Kind) -> [IPAddress] {
            Set(views.lazy.filter { $0.frontend.kind == kind }.compactMap(\.frontend.address)).sorted()
        }
        (clusterIPs, externalAddresses) = (addresses(.clusterIP), addresses(.externalAddress))
        externalPolicy = views.contains { $0.frontend.isForOutside && $0.isLocal } ? .local : nil
        affinitySeconds = views.lazy.compactMap(\.affinity).first
        sourceRanges = views.compactMap(\.sourceRanges).joinedRanges
    }
}

extension [[Prefix]] {
    /// What all of them hold, sorted, each once; nil without any.
    fileprivate var joinedRanges: [Prefix]? { isEmpty ? nil : Set(joined()).sorted() }
}

/// How many addresses a service has endpoints at, each counted once, whatever its ports.
package struct EndpointCount: Sendable, Equatable {
    /// Those that traffic goes to.
    package let traffic: Int
    /// Those that are ready, of all nodes; nil in a kernel.
    package let ready: Int?
    /// Those of all nodes, ready or not; nil in a kernel.
    package let all: Int?

    init(of ports: [ServicePortRow]) {
        traffic = ports.addressCount(\.getsTraffic)
        ready = ports.addressCount { $0.state == .ready || $0.state == .assumed }
        all = ports.addressCount { _ in true }
    }

    init(ofKernel ports: [ServicePortRow]) { (traffic, ready, all) = (ports.addressCount(\.getsTraffic), nil, nil) }
}

extension [ServicePortRow] {
    fileprivate func addressCount(_ isCounted: (EndpointRow) -> Bool) -> Int {
        // Of one port the addresses are in order.
        if count == 1 {
            let found = self[0].endpoints.filter(isCounted)
            return found.indices.count { $0 == 0 || found[$0].address != found[$0 - 1].address }
        }
        return Set(lazy.flatMap(\.endpoints).filter(isCounted).map(\.address)).count
    }
}
