// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// One key that packets are found by, a virtual address with its port or a node port, and what it leads to.
struct ServiceEntry {
    let key: ElementKey
    let shape: Shape
    /// The service port, as a position in the list that the entries were made from.
    let port: Int
}

extension Shape {
    /// Whether traffic of the shape may go to endpoints of a list.
    func uses(_ list: TrafficPolicy) -> Bool {
        switch self {
        case .balance(let scope, _), .sticky(let scope, _): scope.list == list
        case .external: list == .cluster
        case .externalLocal(_, _, _, let local): list == .cluster || local > 0
        case .firewall(let shape): shape.uses(list)
        case .part, .refuse, .refuseUnlessNodePort, .drop: false
        }
    }

    /// Whether the shape leads nowhere because the service has no endpoint anywhere.
    var isRefusal: Bool {
        switch self {
        case .refuse, .refuseUnlessNodePort: true
        case .firewall(let shape): shape.isRefusal
        default: false
        }
    }

    /// What becomes of traffic to the ClusterIP of a service port.
    static func clusterIP(of port: ResolvedPort) -> Shape {
        let endpoints = port.endpoints
        guard endpoints.existAnywhere else { return .refuse }
        let list = port.internalPolicy == .local ? endpoints.local : endpoints.cluster
        return .list(port.internalPolicy, false, port.affinitySeconds != nil, list.count)
    }

    /// What becomes of traffic to a node port, external IP or balancer IP of a service port.
    static func external(of port: ResolvedPort, isNodePort: Bool) -> Shape {
        let endpoints = port.endpoints
        let sticky = port.affinitySeconds != nil
        guard endpoints.existAnywhere else { return .refuse }
        switch port.externalPolicy {
        case .cluster: return .external(isNodePort: isNodePort, sticky: sticky, endpoints.cluster.count)
        case .local:
            return .externalLocal(
                isNodePort: isNodePort, sticky: sticky, cluster: endpoints.cluster.count, local: endpoints.local.count)
        }
    }
}

/// The entries of all service ports of one family, sorted by key, each key once.
struct ServiceEntries {
    let services: [ServiceEntry]
    let nodePorts: [ServiceEntry]

    /// Where two services claim one key, a ClusterIP wins over other addresses, then one that has endpoints, then the first
    /// in the order of namespace and name; nothing of the loser's stands under the key.
    init(_ ports: [ResolvedPort], _ family: IPFamily, _ nodePortAddresses: ResolvedNodePortAddresses) {
        var clusterIPs: [ServiceEntry] = []
        var external: [ServiceEntry] = []
        var nodePorts: [ServiceEntry] = []
        for index in ports.indices where ports[index].family == family {
            let port = ports[index]
            func entry(_ address: IPAddress, _ shape: Shape) -> ServiceEntry {
                ServiceEntry(key: .service(address, port.protocol, port.port), shape: shape, port: index)
            }
            if let clusterIP = port.clusterIP { clusterIPs.append(entry(clusterIP, .clusterIP(of: port))) }
            if let nodePort = port.nodePort {
                nodePorts.append(
                    ServiceEntry(
                        key: .port(port.protocol, nodePort), shape: .external(of: port, isNodePort: true), port: index))
            }
            guard !port.externalIPs.isEmpty || !port.balancerIPs.isEmpty else { continue }
            func shape(_ address: IPAddress) -> Shape {
                let shape = Shape.external(of: port, isNodePort: false)
                return shape == .refuse && nodePortAddresses.mayHold(address) ? .refuseUnlessNodePort : shape
            }
            external += port.balancerIPs.map {
                entry($0, port.sourceRanges == nil ? shape($0) : .firewall(shape($0)))
            }
            external += port.externalIPs.map { entry($0, shape($0)) }
        }
        services = (clusterIPs + external.servingFirst()).sortedKeepingFirst()
        self.nodePorts = nodePorts.servingFirst().sortedKeepingFirst()
    }

    subscript(isNodePort: Bool) -> [ServiceEntry] { isNodePort ? nodePorts : services }

    /// Every shape in use, with those that their chains lead to; sorted.
    func shapes(_ limits: PartLimits) -> [Shape] {
        var found: Set<Shape> = []
        var open = inUse(services) + inUse(nodePorts)
        while let shape = open.popLast() {
            if found.insert(shape).inserted { open += shape.successors(limits) }
        }
        return found.sorted()
    }

    /// The shapes of some entries, few of them more than once: neighbours often are of one shape.
    private func inUse(_ entries: [ServiceEntry]) -> [Shape] {
        var shapes: Set<Shape> = []
        var last: Shape?
        for index in entries.indices where entries[index].shape != last {
            shapes.insert(entries[index].shape)
            last = entries[index].shape
        }
        return Array(shapes)
    }
}

extension [ServiceEntry] {
    /// The same entries, those of services with endpoints before the others.
    fileprivate func servingFirst() -> [ServiceEntry] {
        contains(where: \.shape.isRefusal) ? filter { !$0.shape.isRefusal } + filter(\.shape.isRefusal) : self
    }

    /// By key; of several with one key the first stays.
    fileprivate func sortedKeepingFirst() -> [ServiceEntry] {
        var kept: [ServiceEntry] = []
        kept.reserveCapacity(count)
        for index in map(\.key).ascendingPositions where kept.last?.key != self[index].key { kept.append(self[index]) }
        return kept
    }
}
