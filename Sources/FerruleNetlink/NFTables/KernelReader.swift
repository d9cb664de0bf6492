// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

/// What the kernel holds under Ferrule's table names, at one moment: a ruleset with its records, and what a
/// transaction can be bound to.
package struct KernelState: Sendable {
    /// One table for each name asked for, absent ones too. The summary is that of the record beside them.
    package var ruleset: Ruleset
    /// A number of the ruleset with which this stood there; every commit to any table raises it.
    package var generation: UInt32
    /// The text of the record beside each table that has one (``Provenance/record``).
    package var records: [TableName: String] = [:]
    /// Who is about to change the tables; no part of the ruleset.
    package var claims: [Claim] = []

    /// What the record beside a table says; nil where there is none, or one that cannot be read.
    package func provenance(of table: TableName) -> Provenance? {
        records[table].flatMap { Provenance(record: $0, of: table) }
    }
}

extension Kernel {
    /// Reads tables into the model that the compiler makes. Objects and rules that Ferrule never makes are kept as what
    /// they are: ``Table/foreign`` and ``Chain/foreignRules``.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if somebody keeps changing the tables. Commits to other tables do not matter.
    package func read(_ tables: [TableName]) throws(NetlinkError) -> KernelState {
        let (read, generation) = try consistently(of: tables) { reading throws(NetlinkError) in
            var read: [ReadTable] = []
            for table in tables { read.append(try TableReader(table, reading).read()) }
            return read
        }
        var state = KernelState(
            ruleset: Ruleset(tables: read.map(\.table), summary: Summary()), generation: generation)
        for table in read {
            state.records[table.table.name] = table.record
            state.claims += table.claims
        }
        return state
    }
}
