// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// Finds the smallest transaction from one ruleset to another.
package enum Planner {
    /// - Parameter provenance: the record of the new state; asked for only if there is a change.
    package static func plan(
        from actual: Ruleset, to wanted: Ruleset, provenance: @autoclosure () -> Provenance? = nil
    ) -> Plan {
        var plan = Plan()
        for table in wanted.tables {
            let current = actual.tables.first { $0.name == table.name } ?? Table(table.name)
            plan.append(TableDifference.plan(from: current, to: table))
        }
        guard !plan.isEmpty, let provenance = provenance() else { return plan }
        for table in wanted.tables where !table.isAbsent { plan.record(provenance, in: table, actual) }
        return plan
    }
}

extension Plan {
    /// Replaces the record of a table, unless the table is made anew with its record.
    fileprivate mutating func record(_ provenance: Provenance, in table: Table, _ actual: Ruleset) {
        var isNew = false
        changes.operations = changes.operations.map { operation in
            guard case .addChain(table.name, let chain, nil) = operation, chain.purpose == .record else {
                return operation
            }
            isNew = true
            return .addChain(table.name, chain, provenance)
        }
        guard !isNew else { return }
        let hasRecord = actual.tables.contains { $0.name == table.name && $0.hasRecord }
        changes.operations += Transaction.recording(provenance, in: table.name, hasRecord: hasRecord).operations
    }
}

extension Table {
    /// Whether it has the chain that the record is kept with, perhaps without one.
    package var hasRecord: Bool { chains.contains { $0.purpose == .record } }
}
