// SPDX-License-Identifier: Apache-2.0

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
}
