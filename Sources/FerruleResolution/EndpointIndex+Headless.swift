// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
internal import FerruleNetwork

extension EndpointIndex {
    /// The endpoints of a headless service: by address, each once. They are named whether or not the service has ports.
    ///
    /// - Parameter families: those of the service; see ``namedEndpoints(_:_:families:)``.
    func headlessEndpoints(_ service: Service, _ source: Source, families: [IPFamily]) -> [HeadlessEndpoint] {
        namedEndpoints(service, source, families: families).sortedByAddress()
    }

    /// The endpoints that names are made of, in the order of their source. An address stands there more than once if it has
    /// several names, or ports in several slices.
    ///
    /// - Parameter families: those of the service. A controller makes endpoints of the pods' addresses in these alone.
    func namedEndpoints(_ service: Service, _ source: Source, families: [IPFamily]) -> [HeadlessEndpoint] {
        let isPublished = service.spec.publishNotReadyAddresses == true
        switch source {
        case .slices(let places):
            return places.flatMap { place in
                let slice = slices[place]
                return slice.endpoints.flatMap { endpoint in
                    // Names lead to all addresses, and packets to the first alone.
                    endpoint.addresses.compactMap { address in
                        self.endpoint(
                            address, isReady: isPublished || endpoint.ready ?? true, hostname: endpoint.hostname,
                            nodeName: endpoint.nodeName, zone: endpoint.zone,
                            isTerminating: endpoint.terminating ?? false, slice.ports)
                    }
                }
            }
        case .endpoints(let endpoints):
            return endpoints.subsets.flatMap { subset in
                (subset.addresses.map { ($0, true) } + subset.notReadyAddresses.map { ($0, isPublished) })
                    .compactMap { address, isReady in
                        endpoint(
                            address.ip, isReady: isReady, hostname: address.hostname, nodeName: address.nodeName,
                            subset.ports)
                    }
            }
        case .pods(let pods):
            return pods.filter { !$0.hasEnded }.flatMap { pod in
                pod.podIPs.compactMap { address in
                    endpoint(
                        address, isReady: isPublished || (pod.isReady && !pod.meta.isBeingDeleted),
                        hostname: pod.spec.subdomain == service.meta.name ? pod.spec.hostname : nil,
                        nodeName: pod.spec.nodeName, isTerminating: pod.meta.isBeingDeleted,
                        containerPorts(of: service, in: pod))
                }
                .filter { families.contains($0.address.family) }
            }
        case .none: return []
        }
    }

    private func endpoint(
        _ text: String?, isReady: Bool, hostname: String?, nodeName: String?, zone: String? = nil,
        isTerminating: Bool = false, _ ports: [EndpointPort]
    ) -> HeadlessEndpoint? {
        guard let address = text.flatMap({ IPAddress($0) }) else { return nil }
        return HeadlessEndpoint(
            address: address, isReady: isReady, hostname: hostname.flatMap { $0.isEmpty ? nil : $0 },
            nodeName: nodeName, zone: zone, isTerminating: isTerminating,
            ports: ports.compactMap(HeadlessPort.init).sorted { $0.name < $1.name })
    }

    /// The service's ports as a slice of the pod would say them.
    private func containerPorts(of service: Service, in pod: Pod) -> [EndpointPort] {
        service.spec.ports.compactMap { port in
            guard let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP"),
                let number = targetPort(of: port, transport, in: pod)
            else { return nil }
            var found = EndpointPort()
            (found.name, found.protocol, found.port) = (port.name, port.protocol, Int(number.number))
            return found
        }
    }
}

extension HeadlessPort {
    /// nil for a port without a number, or of a protocol that there is not.
    fileprivate init?(_ port: EndpointPort) {
        guard let number = port.port.flatMap(Port.init),
            let transport = TransportProtocol(kubernetesName: port.protocol ?? "TCP")
        else { return nil }
        self.init(name: port.name, protocol: transport, number: number)
    }
}

extension [HeadlessEndpoint] {
    /// Of several copies of an address a ready one stays, else the first.
    fileprivate func sortedByAddress() -> [HeadlessEndpoint] {
        guard count > 1 else { return self }
        var kept: [IPAddress: HeadlessEndpoint] = [:]
        for endpoint in self {
            guard let other = kept[endpoint.address] else {
                kept[endpoint.address] = endpoint
                continue
            }
            if endpoint.isReady, !other.isReady { kept[endpoint.address] = endpoint }
        }
        return kept.values.sorted { $0.address < $1.address }
    }
}
