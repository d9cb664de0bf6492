// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What has to be done to the kernel.
package struct Plan: Sendable {
    /// New maps and chains, in a transaction of their own before the changes: a packet that follows a new element into
    /// a chain made in the same transaction may find it empty.
    package var structure = Transaction()
    /// Everything that traffic sees, in one transaction.
    package var changes = Transaction()
    /// Elements that packets meet after they have been translated, removed after the changes: a packet that was translated to an
    /// endpoint just before it went must still be masqueraded if it came from there, or its connection is lost for good.
    package var cleanup = Transaction()
    /// Objects and rules that somebody else put into Ferrule's tables, and that go.
    package var drift: [String] = []
    /// What stands in the tables when all of it has been carried out: endpoints in the slots that they keep, and with chains
    /// and sets that nobody needs any more. Without what packets have written.
    package var after: [Table] = []

    /// Nothing.
    package init() {}

    /// All of it, in order.
    package var operations: [Operation] { structure.operations + changes.operations + cleanup.operations }

    package var isEmpty: Bool { structure.isEmpty && changes.isEmpty && cleanup.isEmpty }

    /// All of it in numbers.
    ///
    /// - Parameter actual: what the plan starts from.
    package func work(on actual: Ruleset) -> KernelWork { KernelWork(operations, on: actual) }
}

/// Finds the smallest transaction from one ruleset to another.
package enum Planner {
    /// - Parameter provenance: the record of the new state; asked for only if there is a change.
    package static func plan(
        from actual: Ruleset, to wanted: Ruleset, provenance: @autoclosure () -> Provenance? = nil
    ) -> Plan {
        var plan = Plan()
        for table in wanted.tables {
            let current = actual.tables.first { $0.name == table.name } ?? Table(table.name)
            var differences = TableDifference(current, table)
            differences.find()
            plan.structure.operations += differences.structure.operations
            plan.changes.operations += differences.changes.operations
            plan.cleanup.operations += differences.cleanup.operations
            plan.drift += differences.drift
            plan.after.append(differences.after)
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
        let hasRecord = actual.tables.contains { current in
            current.name == table.name && current.chains.contains { $0.purpose == .record }
        }
        if hasRecord { changes.operations.append(.deleteChain(table.name, ChainPurpose.record.name)) }
        changes.operations.append(.addChain(table.name, Chain(.record, rules: []), provenance))
    }
}
