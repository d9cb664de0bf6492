// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// What becomes of the traffic of a key, without regard to which service it is: each shape in use is one chain.
enum Shape: Hashable {
    /// One of a number of endpoints: `lb-3`, `local-2`, `nodeport-lb-3`.
    case balance(SlotScope, Int)
    /// Part number so and so of a service, which has so many endpoints: `part-3-125`.
    case part(SlotScope, number: Int, Int)
    /// The endpoint that the client is known to use, else as `balance`: `sticky-lb-3`.
    case sticky(SlotScope, Int)
    /// Masqueraded, then on: `external-3`, `nodeport-sticky-external-3`.
    case external(isNodePort: Bool, sticky: Bool, Int)
    /// Pods and this node use all endpoints, others the local ones: `external-local-5-2`.
    case externalLocal(isNodePort: Bool, sticky: Bool, cluster: Int, local: Int)
    /// Only sources within the balancer's ranges go on: `firewall-external-3`.
    indirect case firewall(Shape)
    /// The service has no endpoint anywhere.
    case refuse
    /// As `refuse`, but at an address that may be the node's: a node port of the same number answers there.
    case refuseUnlessNodePort
    /// The service has none that this traffic may use.
    case drop

    /// The chain's name; nil for ``drop``, which is a verdict of its own.
    var name: ChainName? {
        switch self {
        case .balance(let scope, let count): ChainName(scope.nodePortPrefix + scope.balanceName(count))
        case .part(let scope, let number, let count): ChainName("\(scope.prefix)part-\(number)-\(count)")
        case .sticky(let scope, let count): ChainName("\(scope.nodePortPrefix)sticky-\(scope.balanceName(count))")
        case .external(let isNodePort, let sticky, let count):
            ChainName("\(prefix(isNodePort, sticky))external-\(count)")
        case .externalLocal(let isNodePort, let sticky, let cluster, let local):
            ChainName("\(prefix(isNodePort, sticky))external-local-\(cluster)-\(local)")
        case .firewall(let shape): ChainName("firewall-\(shape.name?.description ?? "drop")")
        case .refuse: ObjectNames.refuse
        case .refuseUnlessNodePort: ObjectNames.externalRefuse
        case .drop: nil
        }
    }

    var verdict: Verdict { name.map(Verdict.goto) ?? .drop }

    /// The shapes that this one's chain leads to.
    func successors(_ limits: PartLimits) -> [Shape] {
        switch self {
        case .balance(let scope, let count):
            limits.sizes(of: count).enumerated().map { .part(scope, number: $0.offset, $0.element) }
        case .part(_, _, let count): [.balance(.ofParts, count)]
        case .refuse, .drop: []
        case .refuseUnlessNodePort: [.refuse]
        case .sticky(let scope, let count): [.balance(scope, count)]
        case .external(let isNodePort, let sticky, let count): [Shape.list(.cluster, isNodePort, sticky, count)]
        case .externalLocal(let isNodePort, let sticky, let cluster, let local):
            [Shape.list(.cluster, isNodePort, sticky, cluster), Shape.list(.local, isNodePort, sticky, local)]
        case .firewall(let shape): [shape]
        }
    }

    /// One of the endpoints of a list, dropped if there is none.
    static func list(_ list: TrafficPolicy, _ isNodePort: Bool, _ sticky: Bool, _ count: Int) -> Shape {
        let scope = SlotScope(isNodePort: isNodePort, list: list)
        return count == 0 ? .drop : sticky ? .sticky(scope, count) : .balance(scope, count)
    }

    private func prefix(_ isNodePort: Bool, _ sticky: Bool) -> String {
        (isNodePort ? "nodeport-" : "") + (sticky ? "sticky-" : "")
    }
}

extension SlotScope {
    fileprivate func balanceName(_ count: Int) -> String { list == .local ? "local-\(count)" : "lb-\(count)" }
}

extension Shape: Comparable {
    static func < (left: Shape, right: Shape) -> Bool { left.order.lexicographicallyPrecedes(right.order) }

    /// Chains stand by kind, then by their numbers.
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
    fileprivate var order: Int { (isNodePort ? 2 : 0) + (list == .local ? 1 : 0) }
}
