// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

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
