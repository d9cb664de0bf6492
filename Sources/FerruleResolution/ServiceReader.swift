// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork

/// Makes of a Service, and of what belongs to it in a store, what it is on every node.
struct ServiceReader: Sendable {
    /// With placeholder pods where those are asked for.
    let store: ClusterStore
    let allocations: Allocations
    let size = SizeLimit()
    private let endpoints: EndpointIndex
    private let ranges: [Prefix]

    /// - Parameter ranges: where ClusterIPs are allocated; they tell the families of services that do not say theirs.
    init(store: ClusterStore, allocations: Allocations, ranges: [Prefix]) {
        (self.store, self.allocations, self.ranges, endpoints) = (store, allocations, ranges, EndpointIndex(store))
    }

    /// Borrows: a service is a large value, and there are many.
    func read(_ service: borrowing Service) -> ClusterService {
        let key = ObjectKey(service.meta)
        var read = ClusterService(key, service.kind)
        read.type = service.spec.type.flatMap(ServiceType.init) ?? .clusterIP
        if read.kind == .externalName { read.externalName = service.spec.externalName ?? "" }
        guard read.kind == .virtual || read.kind == .headless else { return read }
        let source = endpoints.source(of: service)
        read.takeExternalAddresses(of: service)
        // How much the ports come to, if each is reached at all addresses and leads to all endpoints.
        let addressCount = 2 + read.externalIPs.count + read.balancerIPs.count * max(1, read.sourceRanges.count)
        guard size.take(service.spec.ports.count * (addressCount + endpoints.count(of: source))) else { return read }
        if service.isHeadless {
            read.headlessEndpoints = endpoints.headlessEndpoints(
                service, source, families: service.families(available: ranges))
            read.ports = ports(of: service) { _, _ in }
            return read
        }
        let clusterIPs = allocations.clusterIPs(of: service)
        read.clusterIPs = clusterIPs
        read.internalPolicy = service.spec.internalTrafficPolicy.flatMap(TrafficPolicy.init) ?? .cluster
        read.externalPolicy = service.externalPolicy
        if read.externalPolicy == .local {
            read.healthCheckNodePort = service.spec.healthCheckNodePort.flatMap { Port($0) }
        }
        read.affinitySeconds = service.affinitySeconds
        read.ports = ports(of: service) { port, spec in
            port.nodePort = allocations.nodePort(of: service, spec)
            for family in IPFamily.allCases where clusterIPs.contains(where: { $0.family == family }) {
                port.candidates[family] = endpoints.candidates(service, source, spec, port.protocol, family)
            }
        }
        return read
    }

    /// The service as its names tell of it, to whomever its traffic is left.
    func readNames(_ service: borrowing Service, withEndpoints: Bool) -> NamedService {
        var read = NamedService(
            ObjectKey(service.meta), service.nameKind, origin: service.meta.origin,
            clusterIPs: allocations.clusterIPs(of: service), writtenClusterIP: service.givenClusterIPs.first)
        read.ports = ports(of: service) { _, _ in }
        guard withEndpoints, read.kind == .virtual || read.kind == .headless else { return read }
        let source = endpoints.namedSource(of: service)
        guard size.take(endpoints.count(of: source) * (1 + service.spec.ports.count)) else { return read }
        read.endpoints = endpoints.namedEndpoints(
            service, source,
            families: read.kind == .virtual ? read.clusterIPs.map(\.family) : service.families(available: ranges))
        return read
    }

    /// - Parameter complete: adds to a port what is not in itself.
    private func ports(
        of service: borrowing Service, complete: (inout ClusterServicePort, ServicePort) -> Void
    ) -> [ClusterServicePort] {
        service.spec.ports.compactMap { port in
            guard let number = port.port.flatMap(Port.init),
                let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP")
            else { return nil }
            var read = ClusterServicePort(name: port.name, protocol: transport, number: number)
            complete(&read, port)
            return read
        }
    }
}

extension Service {
    fileprivate var nameKind: NamedService.Kind {
        if isExternalName { return .externalName(spec.externalName ?? "") }
        return isHeadless ? .headless : .virtual
    }

    fileprivate var kind: ClusterService.Kind {
        if isForAnotherProxy { return .leftToAnotherProxy }
        if isExternalName { return .externalName }
        return isHeadless ? .headless : .virtual
    }
}
