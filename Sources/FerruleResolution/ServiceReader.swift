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

    init(store: ClusterStore, allocations: Allocations) {
        (self.store, self.allocations, endpoints) = (store, allocations, EndpointIndex(store))
    }

    /// Borrows: a service is a large value, and there are many.
    func read(_ service: borrowing Service) -> ClusterService {
        let key = ObjectKey(service.meta)
        if service.isForAnotherProxy { return ClusterService(key, .leftToAnotherProxy) }
        if service.isExternalName { return ClusterService(key, .externalName(service.spec.externalName ?? "")) }
        let source = endpoints.source(of: service)
        var read = ClusterService(key, service.isHeadless ? .headless : .virtual)
        read.takeExternalAddresses(of: service)
        guard size.take(read.size(ports: service.spec.ports.count, endpoints: endpoints.count(of: source))) else {
            return read
        }
        if service.isHeadless {
            read.headlessEndpoints = endpoints.headlessEndpoints(service, source)
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
        read.ports = service.spec.ports.compactMap { port in
            guard let number = port.port.flatMap(Port.init),
                let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP")
            else { return nil }
            var read = ClusterServicePort(
                name: port.name, protocol: transport, number: number,
                nodePort: allocations.nodePort(of: service, port))
            for family in IPFamily.allCases where clusterIPs.contains(where: { $0.family == family }) {
                read.candidates[family] = endpoints.candidates(service, source, port, transport, family)
            }
            return read
        }
        return read
    }
}

extension ClusterService {
    /// How much its ports come to, if each is reached at all addresses and leads to all endpoints.
    fileprivate func size(ports: Int, endpoints: Int) -> Int {
        ports * (2 + externalIPs.count + balancerIPs.count * max(1, sourceRanges.count) + endpoints)
    }
}
