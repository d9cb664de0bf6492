// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Everything that Ferrule wants to stand in the kernel: at most one table a family.
package struct Ruleset: Sendable, Hashable {
    /// Every family that is managed, IPv4 first; a table without chains is one that must not exist.
    package var tables: [Table]
    package var summary: Summary
    /// What the tables serve, by family, for connections that are tracked already.
    package var served: [IPFamily: ServedAddresses] = [:]

    package init(tables: [Table], summary: Summary) { (self.tables, self.summary) = (tables, summary) }
}

/// The table of one family.
package struct Table: Sendable, Hashable {
    package var name: TableName
    /// In the order in which they are declared: the kernel finds the first ones fastest.
    package var sets: [SetDefinition]
    /// Base chains come last, after all that they lead to.
    package var chains: [Chain]
    /// Objects in a table read from the kernel that Ferrule never makes.
    package var foreign: [ForeignObject] = []

    package init(_ name: TableName, sets: [SetDefinition] = [], chains: [Chain] = []) {
        (self.name, self.sets, self.chains) = (name, sets, chains)
    }

    package var family: IPFamily { name.family }

    /// The first set of a purpose; nil where the table has none.
    package func set(_ purpose: SetPurpose) -> SetDefinition? { sets.first { $0.purpose == purpose } }

    /// Whether there is nothing in the table: it need not stand, or does not.
    package var isAbsent: Bool { chains.isEmpty && sets.isEmpty && foreign.isEmpty }
}

/// An object that somebody else has put into a table of Ferrule.
package enum ForeignObject: Sendable, Hashable {
    case set(SetName)
    /// A set whose elements nobody may change (`flags constant`): as long as a rule looks it up, it goes only with the table.
    case constantSet(SetName)
    /// So many elements of a set of Ferrule, of a form that it never writes.
    case elements(Int, of: SetName)
    case chain(ChainName)
    /// Something that goes only with the table: a flag, a named counter, a flow table.
    case property(String)
}

/// What a ruleset was made of, in numbers; for people, of no effect.
package struct Summary: Sendable, Hashable {
    /// Services that have addresses or node ports here.
    package var services = 0
    /// Endpoints of these services: each address and port of a service counted once.
    package var endpoints = 0
    /// Services without a virtual address, which need no rules.
    package var headless = 0
    package var externalNames = 0

    package init() {}
}
