// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork

/// Makes of a Service, and of what belongs to it in a store, what it is on every node.
struct ServiceReader: Sendable {
    /// With placeholder pods where those are asked for.
    let store: ClusterStore
    let allocations: Allocations
    /// Whether declared pods have placeholder addresses.
    let assumesPods: Bool

    private var endpoints: EndpointIndex { EndpointIndex(store) }

    func read(_ service: Service) -> ClusterService {
        let key = ObjectKey(service.meta)
        if service.meta.isForAnotherProxy { return ClusterService(key, .leftToAnotherProxy) }
        if service.isExternalName { return ClusterService(key, .externalName(service.spec.externalName ?? "")) }
        let source = endpoints.source(of: service)
        var read = ClusterService(key, service.isHeadless ? .headless : .virtual)
        if service.isHeadless {
            read.headlessEndpoints = endpoints.headlessEndpoints(service, source)
            return read
        }
        read.clusterIPs = allocations.clusterIPs(of: service)
        read.takeExternalAddresses(of: service)
        read.internalPolicy = service.spec.internalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster
        read.externalPolicy = service.spec.externalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster
        read.affinitySeconds = service.affinitySeconds
        read.ports = service.spec.ports.compactMap { port in
            guard let number = port.port.flatMap(Port.init),
                let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP")
            else { return nil }
            var read = ClusterServicePort(
                name: port.name, protocol: transport, number: number,
                nodePort: allocations.nodePort(of: service, port))
            for family in IPFamily.allCases
            where allocations.clusterIPs(of: service).contains(where: { $0.family == family }) {
                read.candidates[family] = endpoints.candidates(service, source, port, transport, family)
            }
            return read
        }
        switch source {
        case .pods, .none: if let warning = warningAboutPods(of: service) { read.diagnostics.append(warning) }
        case .slices, .endpoints: break
        }
        return read
    }

    /// Says why a service gets no endpoints where the reason is that nobody has run its pods yet.
    private func warningAboutPods(of service: Service) -> Diagnostic? {
        guard !assumesPods, let selector = service.spec.selector, !selector.isEmpty else { return nil }
        let pods = store.pods(matching: selector, in: service.meta.namespace)
        let workloads = store.workloads(matching: selector, in: service.meta.namespace)
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
