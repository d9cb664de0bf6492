// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What a socket that hears of commits has to say.
package enum RulesetEvent: Sendable, Equatable {
    case commit(RulesetCommit)
    /// Some commits were not heard of (ENOBUFS): what stands is unknown, so read it again.
    case lost
}

/// A commit to nf_tables that has taken place, of any program.
package struct RulesetCommit: Sendable, Equatable {
    /// The number that the ruleset has since.
    package let generation: UInt32
    /// The port of the socket that committed (``NetlinkTransport/portID``): tells one's own commits from others'.
    package let portID: UInt32
    /// The process that committed, by its number in the first PID namespace, which a process in another one does not know of
    /// itself.
    package let process: Int32
    /// Its name, at most 15 bytes.
    package let processName: String
    /// What it did to the tables that are watched; none for commits to others.
    package let changes: [RulesetChange]
}

/// A part of a commit.
package struct RulesetChange: Sendable, Equatable, CustomStringConvertible {
    package enum Action: Sendable {
        case added
        case removed
    }

    package enum Object: Sendable, Equatable {
        case table
        case chain(ChainName)
        case rule(in: ChainName)
        /// A set or map, which is anonymous where a rule holds it.
        case set(SetName)
        case element(of: SetName)
        /// A named counter or the like, or a flow table.
        case other(String)
    }

    /// A change of an object's properties is told as its addition.
    package let action: Action
    package let table: TableName
    package let object: Object

    package init(_ action: Action, _ object: Object, in table: TableName) {
        (self.action, self.object, self.table) = (action, object, table)
    }

    /// `removed element of set ip ferrule services`
    package var description: String {
        let what =
            switch object {
            case .table: "table \(table)"
            case .chain(let chain): "chain \(table) \(chain)"
            case .rule(let chain): "rule in chain \(table) \(chain)"
            case .set(let set): "set \(table) \(set)"
            case .element(let set): "element of set \(table) \(set)"
            case .other(let name): "object \(table) \(name)"
            }
        return "\(action) \(what)"
    }
}
