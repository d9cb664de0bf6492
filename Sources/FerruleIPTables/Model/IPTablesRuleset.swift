// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What Ferrule wants to stand in the tables of one family.
package struct IPTablesRuleset: Sendable, Equatable {
    package let family: IPFamily
    /// In the order in which they are to be committed: see ``IPTablesTable/Name``.
    package var tables: [IPTablesTable]

    package init(_ family: IPFamily, tables: [IPTablesTable]) { (self.family, self.tables) = (family, tables) }

    /// Whether nothing of Ferrule is to stand there.
    package var isEmpty: Bool { tables.allSatisfy(\.chains.isEmpty) }
}

/// Chains of Ferrule in one table, and the rules that lead to them.
package struct IPTablesTable: Sendable, Equatable {
    /// The filter is committed first. It refuses or drops what goes to an address of a service and was not translated, so
    /// between the two commits no packet passes as if nobody had the address.
    package enum Name: String, Sendable, CaseIterable {
        case filter, nat

        /// Those of iptables whose jumps Ferrule makes.
        package var builtInChains: [String] {
            switch self {
            case .filter: ["INPUT", "FORWARD", "OUTPUT"]
            case .nat: ["PREROUTING", "OUTPUT", "POSTROUTING"]
            }
        }
    }

    package let name: Name
    /// By the built-in chain that it stands in: the rule that leads from there to a chain of Ferrule.
    package var jumps: [String: IPTablesRule] = [:]
    /// In the order in which a reader comes to them.
    package var chains: [IPTablesChain] = []

    package init(_ name: Name) { self.name = name }
}

/// A chain of Ferrule; it has at least one rule.
package struct IPTablesChain: Sendable, Equatable {
    package let name: IPTablesChainName
    /// What it is for, in a few words: stands in the comment of its first rule.
    package let label: String
    package var rules: [IPTablesRule]

    package init(_ name: IPTablesChainName, label: String, _ rules: [IPTablesRule]) {
        (self.name, self.label, self.rules) = (name, label, rules)
    }
}

/// One rule: all its matches have to hold, from the first on.
package struct IPTablesRule: Sendable, Equatable {
    package var matches: [IPTablesMatch]
    /// nil for a rule that only counts.
    package var target: IPTablesTarget?

    package init(_ matches: IPTablesMatch..., target: IPTablesTarget?) { self.init(matches, target) }

    package init(_ matches: [IPTablesMatch], _ target: IPTablesTarget?) {
        (self.matches, self.target) = (matches, target)
    }
}
