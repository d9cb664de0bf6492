// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
internal import FerruleNetwork

extension Service {
    /// Whether a label of any value leaves the service to another proxy. The label counts on Services alone, since
    /// Kubernetes 1.36: kube-proxy selects Services by it (`cmd/kube-proxy/app/server.go`).
    var isForAnotherProxy: Bool { meta.labels[Service.proxyNameLabel] != nil }

    /// The service as diagnostics call it.
    var title: String { "Service \(meta.displayName)" }

    var isExternalName: Bool { spec.type == "ExternalName" }

    var isHeadless: Bool { !isExternalName && (spec.clusterIP == "None" || spec.clusterIPs?.first == "None") }

    /// Whether the service has virtual addresses, given or to be allocated.
    var hasClusterIP: Bool { !isExternalName && !isHeadless }

    /// `spec.clusterIPs`, else `spec.clusterIP`.
    var givenClusterIPs: [String] {
        if let addresses = spec.clusterIPs, !addresses.isEmpty { return addresses }
        return spec.clusterIP.map { $0.isEmpty ? [] : [$0] } ?? []
    }

    /// ``givenClusterIPs`` that are addresses.
    var givenAddresses: [IPAddress] { givenClusterIPs.compactMap { IPAddress($0) } }

    /// Whether a ClusterIP has to be allocated in one of the families that the service has or wants.
    func lacksClusterIPs(of ranges: [Prefix]) -> Bool {
        hasClusterIP && givenAddresses.count < families(available: ranges).count
    }

    /// Whether one of some services may lack a ClusterIP or a node port, whatever ranges there are.
    static func mayLackAllocations(_ services: [Service], at place: Int) -> Bool {
        // Asked of every service: those that an API server has written are told by fields, without copying all of them.
        if services[place].spec.type == "ClusterIP", let addresses = services[place].spec.clusterIPs,
            let families = services[place].spec.ipFamilies, !families.isEmpty, families.count <= addresses.count,
            services[place].meta.isStored || services[place].spec.ipFamilyPolicy ?? "SingleStack" == "SingleStack"
        {
            return false
        }
        return services[place].mayLackAllocations
    }

    private var mayLackAllocations: Bool {
        guard hasClusterIP else { return false }
        let given = givenClusterIPs.count
        return spec.ipFamilies.map { $0.count > given || $0.isEmpty } ?? true || (given < 2 && mayGetSecondFamily)
            || (needsNodePorts && spec.ports.contains { ($0.nodePort ?? 0) == 0 })
    }

    /// Whether an API server adds the family that is missing to a single one. One that is stored has been given it, where the
    /// cluster had it then.
    private var mayGetSecondFamily: Bool {
        !meta.isStored && (spec.ipFamilyPolicy == "PreferDualStack" || spec.ipFamilyPolicy == "RequireDualStack")
    }

    /// How long a client is remembered, with `sessionAffinity: ClientIP`; the API's default is three hours.
    var affinitySeconds: Int? {
        guard spec.sessionAffinity == "ClientIP" else { return nil }
        return spec.affinityTimeoutSeconds.flatMap { (1...86400).contains($0) ? $0 : nil } ?? 10800
    }

    /// `externalTrafficPolicy`; of a service that by its type has nothing to do with the outside it is ignored
    /// (`ExternalPolicyLocal` in `pkg/api/v1/service/util.go`), even if an address or a node port was left to it.
    var externalPolicy: TrafficPolicy {
        let isForOutside = spec.type == "NodePort" || spec.type == "LoadBalancer" || !spec.externalIPs.isEmpty
        return isForOutside ? spec.externalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster : .cluster
    }

    /// Whether ports without a node port get one.
    var needsNodePorts: Bool {
        spec.type == "NodePort" || (spec.type == "LoadBalancer" && spec.allocateLoadBalancerNodePorts != false)
    }

    /// The families that the service has or wants, the primary one first: as `ipFamilies` says, else those of its ClusterIPs,
    /// else that of the first range. With `ipFamilyPolicy: PreferDualStack` the other one is added if there is a range of it,
    /// with `RequireDualStack` always (`initIPFamilyFields` in `pkg/registry/core/service/storage/alloc.go` of Kubernetes).
    func families(available ranges: [Prefix]) -> [IPFamily] {
        var families = (spec.ipFamilies ?? []).compactMap(IPFamily.init(rawValue:))
        if families.isEmpty { families = givenAddresses.map(\.family) }
        if families.isEmpty { families = [ranges.first?.family ?? .ipv4] }
        guard families.count == 1, mayGetSecondFamily else { return families }
        let second: IPFamily = families == [.ipv4] ? .ipv6 : .ipv4
        let isAvailable = spec.ipFamilyPolicy == "RequireDualStack" || ranges.contains { $0.family == second }
        return isAvailable ? families + [second] : families
    }
}

extension EndpointSlice {
    /// Whether a label of any value says that the slice is of a headless service, whose clients choose an endpoint
    /// themselves. The label counts on EndpointSlices alone: kube-proxy selects these by it, and Services by their ClusterIP.
    static func isOfHeadlessService(_ meta: borrowing ObjectMeta) -> Bool {
        meta.labels[headlessLabel] != nil
    }
}
