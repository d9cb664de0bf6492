// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork

/// Finds the endpoints of a service port: in its EndpointSlices, else in the Endpoints object of its name, else among the
/// pods that its selector matches.
struct EndpointIndex: Sendable {
    /// Where a service's endpoints come from.
    enum Source: Sendable {
        /// Their places in the store, in the order of their names. None for a service with a ClusterIP all of whose slices are
        /// labelled as a headless service's: its endpoints are not looked for elsewhere.
        case slices([Int])
        case endpoints(Endpoints)
        /// The pods that the selector matches.
        case pods([Pod])
        /// Nothing in the input tells of any.
        case none
    }

    private let store: ClusterStore
    let slices: [EndpointSlice]

    init(_ store: ClusterStore) { (self.store, slices) = (store, store.endpointSlices.objects) }

    func source(of service: Service) -> Source {
        let source = namedSource(of: service)
        guard case .slices(let places) = source, !service.isHeadless else { return source }
        // Most often none of them is.
        let areCounted = places.allSatisfy { !isOfHeadlessService($0) }
        return areCounted ? source : .slices(places.filter { !isOfHeadlessService($0) })
    }

    /// The same for names, which lead to the endpoints of slices whatever these are labelled as.
    func namedSource(of service: Service) -> Source {
        let key = ObjectKey(service.meta)
        let slices = store.slicePlaces(of: key)
        if !slices.isEmpty { return .slices(slices) }
        if let endpoints = store.endpoints[key] { return .endpoints(endpoints) }
        guard let selector = service.spec.selector, !selector.isEmpty else { return .none }
        let pods = store.pods(matching: selector, in: service.meta.namespace)
        return pods.isEmpty ? .none : .pods(pods)
    }

    /// How many endpoints have to be looked at for each port.
    func count(of source: Source) -> Int {
        switch source {
        case .slices(let places): places.reduce(0) { $0 + slices[$1].endpoints.count }
        case .endpoints(let endpoints):
            endpoints.subsets.reduce(0) { $0 + $1.addresses.count + $1.notReadyAddresses.count }
        case .pods(let pods): pods.count
        case .none: 0
        }
    }

    /// The ports of each slice or subset of a source that holds endpoints; none of pods.
    func ports(of source: Source) -> [[EndpointPort]] {
        switch source {
        case .slices(let places): places.filter { !slices[$0].endpoints.isEmpty }.map { slices[$0].ports }
        case .endpoints(let endpoints):
            endpoints.subsets.filter { !$0.addresses.isEmpty || !$0.notReadyAddresses.isEmpty }.map(\.ports)
        case .pods, .none: []
        }
    }

    /// The endpoints of a port of a service in one family, in no particular order.
    func candidates(
        _ service: Service, _ source: Source, _ port: ServicePort, _ transport: TransportProtocol, _ family: IPFamily
    ) -> [EndpointCandidate] {
        switch source {
        case .slices(let places) where places.count == 1: candidates(inSliceAt: places[0], port, family)
        case .slices(let places): places.flatMap { candidates(inSliceAt: $0, port, family) }
        case .endpoints(let endpoints): endpoints.subsets.flatMap { candidates(in: $0, port, family) }
        case .pods(let pods): pods.compactMap { candidate(from: $0, of: service, port, transport, family) }
        case .none: []
        }
    }

    // Slices are large: they are looked at where they stand.

    private func isOfHeadlessService(_ place: Int) -> Bool { EndpointSlice.isOfHeadlessService(slices[place].meta) }

    private func candidates(inSliceAt place: Int, _ port: ServicePort, _ family: IPFamily) -> [EndpointCandidate] {
        guard slices[place].addressType == family.rawValue, let number = number(of: port, among: slices[place].ports)
        else { return [] }
        let endpoints = slices[place].endpoints
        var candidates: [EndpointCandidate] = []
        candidates.reserveCapacity(endpoints.count)
        for endpoint in endpoints {
            guard let address = usableAddress(endpoint.address, family) else { continue }
            candidates.append(
                EndpointCandidate(
                    endpoint: Endpoint(address, number), isReady: endpoint.ready ?? true,
                    isServing: endpoint.serving ?? true, isTerminating: endpoint.terminating ?? false,
                    nodeName: endpoint.nodeName, zone: endpoint.zone, zoneHints: endpoint.zoneHints,
                    nodeHints: endpoint.nodeHints))
        }
        return candidates
    }

    private func candidates(in subset: EndpointSubset, _ port: ServicePort, _ family: IPFamily) -> [EndpointCandidate] {
        guard let number = number(of: port, among: subset.ports) else { return [] }
        let ready = subset.addresses.map { ($0, true) }
        let notReady = subset.notReadyAddresses.map { ($0, false) }
        return (ready + notReady).compactMap { endpoint, isReady in
            guard let address = usableAddress(endpoint.ip, family) else { return nil }
            return EndpointCandidate(
                Endpoint(address, number), isReady: isReady, isServing: isReady, nodeName: endpoint.nodeName)
        }
    }

    private func candidate(
        from pod: Pod, of service: Service, _ port: ServicePort, _ transport: TransportProtocol, _ family: IPFamily
    ) -> EndpointCandidate? {
        guard !pod.hasEnded,
            let address = pod.podIPs.lazy.compactMap({ usableAddress($0, family) }).first,
            let number = targetPort(of: port, transport, in: pod)
        else { return nil }
        let isPublished = service.spec.publishNotReadyAddresses == true
        return EndpointCandidate(
            Endpoint(address, number), isReady: isPublished || (pod.isReady && !pod.meta.isBeingDeleted),
            isServing: isPublished || pod.isReady, isTerminating: pod.meta.isBeingDeleted, nodeName: pod.spec.nodeName)
    }

    /// The number of the port that pairs with a service's.
    private func number(of port: ServicePort, among ports: [EndpointPort]) -> Port? {
        ports.first { $0.pairs(with: port) }?.port.flatMap(Port.init)
    }

    /// `targetPort`: a number, the name of a container port of the pod, or absent for the service's own port.
    func targetPort(of port: ServicePort, _ transport: TransportProtocol, in pod: Pod) -> Port? {
        switch port.targetPort {
        case nil, .number(0): port.port.flatMap(Port.init)
        case .number(let number): Port(number)
        case .name(let name):
            pod.spec.containers.lazy.flatMap(\.ports).first {
                $0.name == name && TransportProtocol(kubernetesName: $0.protocol ?? "TCP") == transport
            }.flatMap { $0.containerPort.flatMap(Port.init) }
        }
    }
}

extension EndpointPort {
    /// Whether a service's port is served here: names and protocols are equal. A port without a number, or of a number that
    /// is none, is passed over.
    func pairs(with port: ServicePort) -> Bool {
        name == port.name && (`protocol` ?? "TCP") == (port.protocol ?? "TCP") && self.port.flatMap(Port.init) != nil
    }
}

/// An endpoint's address, unless it is of another family or one that traffic must not be sent to: kube-proxy ignores
/// unspecified, loopback, link-local and link-local multicast addresses.
private func usableAddress(_ text: String?, _ family: IPFamily) -> IPAddress? {
    guard let text, let address = IPAddress(text), address.family == family, !address.isOfOneMachine else { return nil }
    return address
}
