// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleNetwork
package import FerruleTraffic

/// A document of statements.
package struct TrafficTest: Sendable {
    package let name: String
    package let origin: Origin
    package var statements: [TrafficStatement] = []
}

/// That traffic from somewhere to somewhere ends in one way.
package struct TrafficStatement: Sendable {
    /// Who sends.
    package enum Sender: Sendable, Hashable {
        /// Each of them.
        case pods(PodGroup)
        case one(TrafficSource)
    }

    package enum End: Sendable, Hashable {
        /// Only to pods of a group; to so many, where a number is given.
        case pods(PodGroup, count: Int?)
        /// To endpoints, whichever they are; to so many, where a number is given.
        case endpoints(count: Int?)
        /// To each of these and no other, in each address family to those of it; sorted.
        case these([Endpoint])
        case refused
        case dropped
        case leftAlone
    }

    /// On which nodes it is to hold.
    package enum Nodes: Sendable, Hashable {
        /// On the node that the question is about; without one, on all that the definitions have.
        case asAsked
        case every
        case named([String])
    }

    package var from: Sender
    package var to: TrafficDestination
    package var end: End
    package var isMasqueraded: Bool?
    package var isSticky: Bool?
    package var nodes = Nodes.asAsked
    /// Where it was read; nil for a proposal.
    package var origin: Origin?
    /// The words for ``from`` and ``to`` as they were written.
    package let fromWords: String
    package let toWords: String
}

extension TrafficStatement: CustomStringConvertible {
    /// `from outside to nodeport 30080 goes to 2 endpoints, masqueraded, on node-a, node-b`
    package var description: String {
        let masquerade = isMasqueraded.map { $0 ? ", masqueraded" : ", not masqueraded" } ?? ""
        let affinity = isSticky.map { $0 ? ", sticky" : ", not sticky" } ?? ""
        let place =
            switch nodes {
            case .asAsked: ""
            case .every: ", on every node"
            case .named(let names): ", on \(names.joined(separator: ", "))"
            }
        return "from \(fromWords) to \(toWords) \(end)\(masquerade)\(affinity)\(place)"
    }
}

extension TrafficStatement.End: CustomStringConvertible {
    /// `goes to pods shop/web`, `is refused`
    package var description: String {
        switch self {
        case .refused: "is refused"
        case .dropped: "is dropped"
        case .leftAlone: "is left alone"
        case .pods, .endpoints, .these: "goes to \(places.joined(separator: ", "))"
        }
    }

    /// What the field `goesTo` says: one value, or a list of endpoints; empty where it is the field `is` that says it.
    package var places: [String] {
        switch self {
        case .pods(let group, nil): ["pods \(group)"]
        case .pods(let group, let count?): [count == 1 ? "1 pod \(group)" : "\(count) pods \(group)"]
        case .endpoints(nil): ["endpoints"]
        case .endpoints(let count?): [count == 1 ? "1 endpoint" : "\(count) endpoints"]
        case .these(let endpoints): endpoints.map(\.description)
        case .refused, .dropped, .leftAlone: []
        }
    }
}
