// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerrulePlanner
internal import FerruleResolution

/// A port of a service in a listing.
package struct ServicePortRow: Sendable, Equatable {
    /// Empty where it has none.
    package let name: String
    /// nil for what a headless service without ports leads to.
    package let transport: TransportProtocol?
    /// nil also where a kernel holds the node port alone.
    package let number: Port?
    package let nodePort: Port?
    /// Of both families: sorted by address and port, each once.
    package let endpoints: [EndpointRow]
}

extension ServicePortRow {
    /// Those of a service with virtual addresses, in its order.
    static func all(
        of service: ClusterService, _ resolved: ResolvedService, _ resolver: ClusterResolver
    ) -> [ServicePortRow] {
        // Of each family all ports, in the service's order.
        let views = IPFamily.allCases.map { family in resolved.ports.filter { $0.family == family } }
        return service.ports.indices.map { index in
            let port = service.ports[index]
            let endpoints = views.flatMap { views -> [EndpointRow] in
                guard views.indices.contains(index) else { return [] }
                let candidates = port.candidates[views[index].family].sortedByEndpoint()
                let reached = views[index].reached(candidates, isForAllNodes: resolver.nodeName == nil)
                return candidates.map { EndpointRow($0, getsTraffic: reached.contains($0.endpoint), resolver) }
            }
            return ServicePortRow(
                name: port.name, transport: port.protocol, number: port.number, nodePort: port.nodePort,
                endpoints: endpoints)
        }
    }

    /// Those of a headless service, in its order; of one without ports a row without a number.
    static func all(ofHeadless service: ClusterService, _ resolver: ClusterResolver) -> [ServicePortRow] {
        guard !service.ports.isEmpty else {
            let endpoints = service.headlessEndpoints.map { EndpointRow($0, port: nil, resolver) }
            return endpoints.isEmpty
                ? [] : [ServicePortRow(name: "", transport: nil, number: nil, nodePort: nil, endpoints: endpoints)]
        }
        var endpoints: [PortKey: [EndpointRow]] = [:]
        for endpoint in service.headlessEndpoints {
            for port in endpoint.ports {
                endpoints[PortKey(name: port.name, transport: port.protocol), default: []].append(
                    EndpointRow(endpoint, port: port.number, resolver))
            }
        }
        return service.ports.map { port in
            ServicePortRow(
                name: port.name, transport: port.protocol, number: port.number, nodePort: nil,
                endpoints: endpoints[PortKey(name: port.name, transport: port.protocol)] ?? [])
        }
    }

    /// Those that frontends in a kernel are for: by number, then by name. Of long names the kernel keeps the beginning alone, so
    /// that two ports may bear one name: only their numbers tell them apart, and not whose a node port is.
    static func all(of views: [FrontendView]) -> [ServicePortRow] {
        var virtual: [PortKey: [FrontendView]] = [:]
        var nodePorts: [PortKey: [FrontendView]] = [:]
        for view in views {
            guard let transport = view.frontend.transport else { continue }
            if view.frontend.kind == .nodePort {
                nodePorts[PortKey(name: view.name.port, transport: transport), default: []].append(view)
            } else {
                let key = PortKey(name: view.name.port, transport: transport, number: view.frontend.port)
                virtual[key, default: []].append(view)
            }
        }
        let numbers = Dictionary(grouping: virtual.keys) { PortKey(name: $0.name, transport: $0.transport) }
        var rows: [ServicePortRow] = []
        for (key, own) in nodePorts {
            if let only = numbers[key]?.first, numbers[key]?.count == 1 {
                virtual[only, default: []] += own
            } else {
                for (_, own) in Dictionary(grouping: own, by: \.frontend.port) { rows.append(ServicePortRow(key, own)) }
            }
        }
        rows += virtual.map { ServicePortRow($0, $1) }
        return rows.sorted { $0.order < $1.order }
    }

    /// - Parameter views: the frontends that a port has.
    private init(_ key: PortKey, _ views: [FrontendView]) {
        let nodePort = views.lazy.compactMap { $0.frontend.kind == .nodePort ? $0.frontend.port : nil }.first
        let endpoints = Set(views.flatMap { view in Audience.allCases.flatMap { view.route(of: $0).endpoints } })
        self.init(
            name: key.name, transport: key.transport, number: key.number, nodePort: nodePort,
            endpoints: endpoints.sorted().map(EndpointRow.init(inKernel:)))
    }

    /// What a port of a service is known by among others of it.
    private struct PortKey: Hashable {
        let name: String
        let transport: TransportProtocol
        /// Where names do not tell.
        var number: Port?
    }

    private var order: (UInt16, UInt16, UInt8, String) {
        (number?.number ?? .max, nodePort?.number ?? 0, transport?.rawValue ?? 0, name)
    }
}

extension ResolvedPort {
    /// The endpoints that packets go to, whoever sends them.
    ///
    /// - Parameters:
    ///   - candidates: all that there are.
    ///   - isForAllNodes: whether the port was resolved for no node, and those of all nodes count.
    fileprivate func reached(_ candidates: [EndpointCandidate], isForAllNodes: Bool) -> Set<Endpoint> {
        let isOpen = nodePort != nil || !externalIPs.isEmpty || !balancerIPs.isEmpty
        let isLocal = internalPolicy == .local || (isOpen && externalPolicy == .local)
        // Programs on the node reach those of all nodes at external addresses, whatever the policy.
        var reached: Set<Endpoint> = []
        if isForAllNodes || isOpen || internalPolicy == .cluster { reached.formUnion(endpoints.cluster) }
        guard isLocal else { return reached }
        reached.formUnion(endpoints.local)
        guard isForAllNodes else { return reached }
        // A node falls back on its endpoints that are terminating, whatever others have.
        guard candidates.contains(where: \.isTerminating) else { return reached }
        for (name, candidates) in Dictionary(grouping: candidates, by: \.nodeName) {
            if let name { reached.formUnion(EndpointLists(candidates, nodeName: name).local) }
        }
        return reached
    }
}
