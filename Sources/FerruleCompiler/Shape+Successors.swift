// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension Shape {
    /// The shapes that this one's chain leads to.
    func successors(_ limits: PartLimits) -> [Shape] {
        switch self {
        case .balance(let scope, let count):
            limits.sizes(of: count).enumerated().map { .part(scope, number: $0.offset, $0.element) }
        case .part(_, _, let count): [.balance(.ofParts, count)]
        case .refuse, .drop: []
        case .refuseUnlessNodePort: [.refuse]
        case .sticky(let scope, let count): [.balance(scope, count)]
        case .external(let isNodePort, let sticky, let count):
            [.list(.cluster, isNodePort: isNodePort, sticky: sticky, count: count)]
        case .externalLocal(let isNodePort, let sticky, let cluster, let local):
            [
                .list(.cluster, isNodePort: isNodePort, sticky: sticky, count: cluster),
                .list(.local, isNodePort: isNodePort, sticky: sticky, count: local),
            ]
        case .firewall(let shape): [shape]
        }
    }

    /// One of the endpoints of a list, dropped if there is none.
    static func list(_ list: TrafficPolicy, isNodePort: Bool, sticky: Bool, count: Int) -> Shape {
        let scope = SlotScope(isNodePort: isNodePort, list: list)
        return count == 0 ? .drop : sticky ? .sticky(scope, count) : .balance(scope, count)
    }
}

extension Shape {
    /// Chains stand by kind, then by their numbers.
    static func isOrdered(_ left: Shape, _ right: Shape) -> Bool { left.order.lexicographicallyPrecedes(right.order) }

    private var order: [Int] {
        switch self {
        case .balance(let scope, let count): [0, scope.order, count]
        case .part(let scope, let number, let count): [1, scope.order, number, count]
        case .sticky(let scope, let count): [2, scope.order, count]
        case .external(let isNodePort, let sticky, let count): [3, isNodePort ? 1 : 0, sticky ? 1 : 0, count]
        case .externalLocal(let isNodePort, let sticky, let cluster, let local):
            [4, isNodePort ? 1 : 0, sticky ? 1 : 0, cluster, local]
        case .firewall(let shape): [5] + shape.order
        case .refuse: [6]
        case .refuseUnlessNodePort: [7]
        case .drop: [8]
        }
    }
}

extension SlotScope {
    fileprivate var order: Int { (isNodePort ? 2 : 0) + (isLocal ? 1 : 0) }
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
        case .balance, .part, .sticky, .external, .externalLocal, .drop: false
        }
    }

    /// Whether its chain asks where packets come from.
    var isGuarded: Bool { if case .firewall = self { true } else { false } }

    /// Whether its chain looks up what a client is remembered to use.
    var isSticky: Bool { if case .sticky = self { true } else { false } }

    /// What becomes of traffic to the ClusterIP of a service port.
    static func clusterIP(of port: ResolvedPort) -> Shape {
        let endpoints = port.endpoints
        guard endpoints.existAnywhere else { return .refuse }
        let list = port.internalPolicy == .local ? endpoints.local : endpoints.cluster
        return .list(
            port.internalPolicy, isNodePort: false, sticky: port.affinitySeconds != nil, count: list.count)
    }

    /// What becomes of traffic to an external IP or balancer IP of a service port.
    static func external(of port: ResolvedPort, at address: IPAddress, _ nodePorts: NodePortAddresses) -> Shape {
        let shape = external(of: port, isNodePort: false)
        return shape == .refuse && nodePorts.mayHold(address) ? .refuseUnlessNodePort : shape
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
