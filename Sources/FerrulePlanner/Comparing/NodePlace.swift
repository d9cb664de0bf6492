// SPDX-License-Identifier: Apache-2.0

/// Nodes that treat the packets of a service alike, where that depends on the node.
package enum NodePlace: Sendable, Hashable {
    case node(String)
    /// The nodes of a zone that no endpoint is on.
    case zone(String)
    /// The nodes that declared pods are going to run on; nobody knows which.
    case unscheduled
    /// All others.
    case others
}

extension NodePlace: Comparable {
    /// Nodes and zones in natural order, the others last.
    package static func < (left: NodePlace, right: NodePlace) -> Bool {
        left.rank == right.rank ? left.name.precedesNaturally(right.name) : left.rank < right.rank
    }

    /// Of a node or zone; empty for the rest.
    package var name: String {
        switch self {
        case .node(let name), .zone(let name): name
        case .unscheduled, .others: ""
        }
    }

    var isNode: Bool { if case .node = self { true } else { false } }

    private var rank: Int {
        switch self {
        case .node: 0
        case .zone: 1
        case .unscheduled: 2
        case .others: 3
        }
    }
}
