// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleNetwork

/// Turns the objects of an input into services with addresses and endpoints.
package struct ClusterResolver {
    package struct Result {
        package let cluster: ResolvedCluster
        /// What was allocated for services that do not say their ClusterIP or node ports.
        package let lock: AllocationLock
        package let diagnostics: [Diagnostic]
    }

    private let objects: ClusterObjects
    private let options: ResolutionOptions
    private let node: NodeView
    private let allocations: Allocations
    private let endpoints: EndpointIndex
    private let podIndex: PodIndex
    private let workloadIndex: SelectorIndex<Workload>
    private var cluster = ResolvedCluster()
    private var diagnostics: [Diagnostic]

    private init(_ objects: ClusterObjects, _ options: ResolutionOptions, _ remembered: AllocationLock) {
        self.objects = objects
        self.options = options
        node = NodeView(objects, options)
        allocations = Allocations(
            objects.services, ranges: node.allocationCIDRs, nodePortRange: options.nodePortRange, remembered: remembered
        )
        diagnostics = allocations.diagnostics
        var pods = objects.pods
        if options.assumePods {
            let ranges = node.clusterCIDRs.isEmpty ? ResolutionOptions.defaultClusterCIDRs : node.clusterCIDRs
            pods = pods.filter { !$0.podIPs.isEmpty } + AssumedPods.make(for: objects, ranges: ranges)
        }
        podIndex = PodIndex(pods)
        workloadIndex = SelectorIndex(objects.workloads)
        endpoints = EndpointIndex(objects, pods: podIndex)
    }

    /// Resolves objects that have passed validation; what is wrong in them all the same is passed over.
    ///
    /// - Parameter remembered: allocations of an earlier run, which are kept.
    package static func resolve(
        _ objects: ClusterObjects, options: ResolutionOptions = ResolutionOptions(),
        remembered: AllocationLock = AllocationLock()
    ) -> Result {
        var resolver = ClusterResolver(objects, options, remembered)
        resolver.resolve()
        return Result(cluster: resolver.cluster, lock: resolver.allocations.lock, diagnostics: resolver.diagnostics)
    }

    private mutating func resolve() {
        cluster.podTraffic = node.podTraffic
        cluster.serviceCIDRs = node.serviceCIDRs
        for family in IPFamily.allCases {
            cluster.nodePortAddresses[family] = node.nodePortAddresses(family, options.nodePortAddresses)
        }
        for service in objects.services.sorted(by: { ObjectKey($0.meta) < ObjectKey($1.meta) }) {
            if service.meta.isForAnotherProxy {
                cluster.otherProxyCount += 1
            } else if service.isExternalName {
                cluster.externalNameCount += 1
            } else if service.isHeadless {
                cluster.headlessCount += 1
            } else {
                resolve(service)
            }
        }
        diagnostics += NodeWarnings(node, objects, options).diagnostics(of: cluster)
    }

    private mutating func resolve(_ service: Service) {
        let addresses = allocations.clusterIPs(of: service)
        let external = ExternalAddresses(service)
        cluster.serviceCount += 1
        for family in IPFamily.allCases {
            guard let clusterIP = addresses.first(where: { $0.family == family }) else { continue }
            let balancerIPs = external.balancerIPs.filter { $0.family == family }
            let ranges = external.sourceRanges(family, balancerIPs, nodeAddress: node.primaryAddress(family))
            for port in service.spec.ports {
                guard let number = port.port.flatMap(Port.init),
                    let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP")
                else { continue }
                var resolved = ResolvedPort(
                    namespace: service.meta.namespace, service: service.meta.name, name: port.name, family: family,
                    protocol: transport, port: number, clusterIP: clusterIP)
                resolved.externalIPs = external.externalIPs.filter { $0.family == family }
                resolved.balancerIPs = balancerIPs
                resolved.sourceRanges = ranges
                resolved.nodePort = allocations.nodePort(of: service, port)
                resolved.internalPolicy = service.spec.internalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster
                resolved.externalPolicy = service.spec.externalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster
                resolved.affinitySeconds = service.affinitySeconds
                let candidates = endpoints.candidates(service, port, transport, family)
                resolved.endpoints = EndpointLists(candidates, nodeName: node.name, zone: node.zone)
                if transport == .udp {
                    resolved.endpoints.serving = Set(candidates.lazy.filter(\.isServing).map(\.target.address))
                }
                cluster.ports.append(resolved)
            }
        }
        warnAboutEndpoints(of: service)
    }

    /// Says why a service gets no endpoints where the reason is that nobody has run its pods yet.
    private mutating func warnAboutEndpoints(of service: Service) {
        guard !options.assumePods, let selector = service.spec.selector, !selector.isEmpty,
            endpoints.source(of: service) == .none || endpoints.source(of: service) == .pods
        else { return }
        let pods = podIndex.matching(selector, in: service.meta.namespace)
        let workloads = workloadIndex.matching(selector, in: service.meta.namespace)
        let names =
            workloads.map { "\($0.kind.rawValue) \($0.meta.namespace)/\($0.meta.name)" }
            + pods.map { "Pod \($0.meta.namespace)/\($0.meta.name)" }
        guard pods.allSatisfy(\.podIPs.isEmpty), let declared = names.min() else { return }
        diagnostics.append(
            Diagnostic(
                .warning,
                "matches only declared pods, which have no address yet (\(declared)): the service has no endpoints",
                object: service.title, field: FieldPath("spec", "selector"), origin: service.meta.origin,
                hint: "pass --assume-pods to give declared replicas placeholder addresses"))
    }
}
