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
    private let warnings: EndpointWarnings

    /// - Parameter order: the positions of the services in the order of their names.
    private init(
        _ objects: ClusterObjects, _ order: [Int], _ options: ResolutionOptions, _ remembered: AllocationLock
    ) {
        self.options = options
        let node = NodeView(objects, options)
        var pods = objects.pods
        if options.assumePods {
            let ranges = node.clusterCIDRs.isEmpty ? ResolutionOptions.defaultClusterCIDRs : node.clusterCIDRs
            pods = pods.filter { !$0.podIPs.isEmpty } + AssumedPods.make(for: objects, ranges: ranges)
        }
        let podIndex = PodIndex(pods)
        (allocations, endpoints) = parallelPair {
            Allocations(
                objects.services, order: order, ranges: node.allocationCIDRs, nodePortRange: options.nodePortRange,
                remembered: remembered)
        } _: {
            EndpointIndex(objects, pods: podIndex)
        }
        self.node = node
        warnings = EndpointWarnings(objects, endpoints, podIndex, assumesPods: options.assumePods)
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
        var whole = Part(cluster: resolver.emptyCluster, diagnostics: resolver.allocations.diagnostics)
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
        whole.diagnostics += NodeWarnings(resolver.node, objects, options).diagnostics(of: whole.cluster)
        whole.diagnostics += InputGaps(objects: objects, options: options).diagnostics
        return Result(cluster: whole.cluster, lock: resolver.allocations.lock, diagnostics: whole.diagnostics)
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
        if service.isForAnotherProxy {
            part.cluster.otherProxyCount += 1
        } else if service.isExternalName {
            part.cluster.externalNameCount += 1
        } else if service.isHeadless {
            part.cluster.headlessCount += 1
        } else {
            part.cluster.serviceCount += 1
            let source = endpoints.source(of: service)
            let first = part.cluster.ports.endIndex
            appendPorts(of: service, source, to: &part.cluster.ports)
            if part.cluster.ports[first...].contains(where: { !$0.endpoints.existAnywhere }) {
                part.diagnostics += warnings.diagnostics(of: service, source)
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
                resolved.externalPolicy = service.externalPolicy
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
}
