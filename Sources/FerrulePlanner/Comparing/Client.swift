// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Who may find endpoints of a service.
package enum Client: Sendable, Hashable {
    /// Where the ruleset knows them; else they are as everybody outside.
    case pods
    /// Programs on nodes.
    case nodes
    /// Everybody else. Of a ClusterIP they are none: no network leads from outside to it.
    case outside
    /// Those outside whom `loadBalancerSourceRanges` let in, where not everybody is.
    case range(Prefix)

    package var isOutside: Bool { self != .pods && self != .nodes }
}

extension Client: Comparable {
    package static func < (left: Client, right: Client) -> Bool {
        if case .range(let one) = left, case .range(let other) = right { return one < other }
        return left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .pods: 0
        case .nodes: 1
        case .outside: 2
        case .range: 3
        }
    }
}

extension Set<Client> {
    /// Whether all whom a client stands for are among these.
    func cover(_ client: Client) -> Bool {
        guard case .range(let range) = client else { return contains(client) }
        let ranges = compactMap { if case .range(let range) = $0 { range } else { nil } }
        return contains(.outside) || ![range].reaches(beyond: ranges)
    }
}
