// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleParallel

/// Turns the objects of an input into services with addresses and endpoints.
package struct ClusterResolver: Sendable {
    package struct Result {
        package let cluster: ResolvedCluster
        /// What was allocated for services that do not say their ClusterIP or node ports.
        package let lock: AllocationLock
        package let diagnostics: [Diagnostic]
    }

    private let options: ResolutionOptions
    private let node: NodeView
    private let allocations: Allocations
    private let endpoints: EndpointIndex
    private let podIndex: PodIndex
    private let workloadIndex: SelectorIndex<Workload>
    private let assumptions: [Diagnostic]

    /// - Parameter order: the positions of the services in the order of their names.
    private init(
        _ objects: ClusterObjects, _ order: [Int], _ options: ResolutionOptions, _ remembered: AllocationLock
    ) {
        self.options = options
        let node = NodeView(objects, options)
        var pods = objects.pods
        var assumptions: [Diagnostic] = []
        if options.assumePods {
            let ranges = node.clusterCIDRs.isEmpty ? ResolutionOptions.defaultClusterCIDRs : node.clusterCIDRs
            let assumed = AssumedPods(for: objects, ranges: ranges)
            pods = pods.filter { !$0.podIPs.isEmpty } + assumed.pods
            assumptions = assumed.diagnostics
        }
        self.assumptions = assumptions
        let podIndex = PodIndex(pods)
        workloadIndex = SelectorIndex(objects.workloads)
        (allocations, endpoints) = parallelPair {
            Allocations(
                objects.services, order: order, ranges: node.allocationCIDRs, nodePortRange: options.nodePortRange,
                remembered: remembered)
        } _: {
            EndpointIndex(objects, pods: podIndex)
        }
        (self.node, self.podIndex) = (node, podIndex)
    }

    /// Resolves objects that have passed validation; what is wrong in them all the same is passed over.
    ///
    /// - Parameter remembered: allocations of an earlier run, which are kept.
    package static func resolve(
        _ objects: ClusterObjects, options: ResolutionOptions = ResolutionOptions(),
        remembered: AllocationLock = AllocationLock()
    ) -> Result {
        let order = objects.services.positionsByName
        let resolver = ClusterResolver(objects, order, options, remembered)
        let sliceLength = ClusterResolver.sliceLength
        var whole = Part(
            cluster: resolver.emptyCluster, diagnostics: resolver.assumptions + resolver.allocations.diagnostics)
        whole.cluster.ports.reserveCapacity(order.count)
        whole = parallelReduce(count: (order.count + sliceLength - 1) / sliceLength, into: whole) { slice in
            var part = Part()
            for position in order.dropFirst(slice * sliceLength).prefix(sliceLength) {
                resolver.resolve(objects.services[position], into: &part)
            }
            return part
        } take: { whole, part in
            whole.cluster.append(part.cluster)
            whole.diagnostics += part.diagnostics
        }
        let warnings = NodeWarnings(resolver.node, objects, options).diagnostics(of: whole.cluster)
        return Result(
            cluster: whole.cluster, lock: resolver.allocations.lock, diagnostics: whole.diagnostics + warnings)
    }

    /// How many services are resolved one after the other before another processor may go on.
    private static let sliceLength = 256

    /// What some of the services come to.
    private struct Part: Sendable {
        var cluster = ResolvedCluster()
        var diagnostics: [Diagnostic] = []
    }

    /// What holds for all services.
    private var emptyCluster: ResolvedCluster {
        var cluster = ResolvedCluster()
        cluster.podTraffic = node.podTraffic
        cluster.serviceCIDRs = node.serviceCIDRs
        for family in IPFamily.allCases {
            cluster.nodePortAddresses[family] = node.nodePortAddresses(family, options.nodePortAddresses)
        }
        return cluster
    }

    private func resolve(_ service: Service, into part: inout Part) {
        if service.meta.isForAnotherProxy {
            part.cluster.otherProxyCount += 1
        } else if service.isExternalName {
            part.cluster.externalNameCount += 1
        } else if service.isHeadless {
            part.cluster.headlessCount += 1
        } else {
            part.cluster.serviceCount += 1
            let source = endpoints.source(of: service)
            appendPorts(of: service, source, to: &part.cluster.ports)
            switch source {
            case .pods, .none:
                if let warning = warningAboutPods(of: service) { part.diagnostics.append(warning) }
            case .slice, .slices, .endpoints: break
            }
        }
    }

    private func appendPorts(of service: Service, _ source: EndpointIndex.Source, to ports: inout [ResolvedPort]) {
        let addresses = allocations.clusterIPs(of: service)
        let external = ExternalAddresses(service)
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
                let candidates = endpoints.candidates(service, source, port, transport, family)
                resolved.endpoints = EndpointLists(candidates, nodeName: node.name, zone: node.zone)
                if transport == .udp {
                    resolved.endpoints.serving = Set(candidates.lazy.filter(\.isServing).map(\.target.address))
                }
                ports.append(resolved)
            }
        }
    }

    /// Says why a service gets no endpoints where the reason is that nobody has run its pods yet.
    private func warningAboutPods(of service: Service) -> Diagnostic? {
        guard !options.assumePods, let selector = service.spec.selector, !selector.isEmpty else { return nil }
        let pods = podIndex.matching(selector, in: service.meta.namespace)
        let workloads = workloadIndex.matching(selector, in: service.meta.namespace)
        let names =
            workloads.map { "\($0.kind.rawValue) \($0.meta.namespace)/\($0.meta.name)" }
            + pods.map { "Pod \($0.meta.namespace)/\($0.meta.name)" }
        guard pods.allSatisfy(\.podIPs.isEmpty), let declared = names.min() else { return nil }
        return Diagnostic(
            .warning,
            "matches only declared pods, which have no address yet (\(declared)): the service has no endpoints",
            object: service.title, field: FieldPath("spec", "selector"), origin: service.meta.origin,
            hint: "pass --assume-pods to give declared replicas placeholder addresses")
    }
}
