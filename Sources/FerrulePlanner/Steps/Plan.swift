// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What has to be done to the kernel.
package struct Plan: Sendable {
    /// New maps and chains, in a transaction of their own before the changes: a packet that follows a new element into
    /// a chain made in the same transaction may find it empty.
    package var structure = Transaction()
    /// Everything that traffic sees, in one transaction.
    package var changes: Transaction
    /// Elements that packets meet after they have been translated, removed after the changes: a packet that was translated to an
    /// endpoint just before it went must still be masqueraded if it came from there, or its connection is lost for good.
    package var cleanup = Transaction()
    /// Objects and rules that somebody else put into Ferrule's tables, and that go.
    package var drift: [String] = []
    /// What stands in the tables when all of it has been carried out: endpoints in the slots that they keep, and with chains
    /// and sets that nobody needs any more. Without what packets have written.
    package var after: [Table] = []

    /// One transaction, or nothing.
    package init(_ changes: Transaction = Transaction()) { self.changes = changes }

    /// All of it, in order.
    package var operations: [Operation] { structure.operations + changes.operations + cleanup.operations }

    /// What is sent, in order.
    package var transactions: [Transaction] { [structure, changes, cleanup].filter { !$0.isEmpty } }

    package var isEmpty: Bool { structure.isEmpty && changes.isEmpty && cleanup.isEmpty }

    /// All of it in numbers.
    ///
    /// - Parameter actual: what the plan starts from.
    package func work(on actual: Ruleset) -> KernelWork { KernelWork(operations, on: actual) }

    /// Adds the plan of another table.
    package mutating func append(_ other: Plan) {
        structure.operations += other.structure.operations
        changes.operations += other.changes.operations
        cleanup.operations += other.cleanup.operations
        drift += other.drift
        after += other.after
    }
}

extension Plan {
    /// Removes elements from a set of a table, when no packet needs them any more.
    mutating func remove(_ elements: SetDefinition, in table: TableName) {
        if elements.isDynamic {
            changes.operations += Transaction.deletingIfPresent(elements, in: table).operations
        } else if elements.purpose.isMetAfterDNAT {
            cleanup.operations.append(.deleteElements(table, elements))
        } else {
            changes.operations.append(.deleteElements(table, elements))
        }
    }

    /// Gives a chain that stands its rules, in the place of those that it has.
    mutating func rewrite(_ chain: Chain, in table: TableName) {
        changes.operations.append(.flushChain(table, chain.name))
        changes.operations += chain.rules.map { .addRule(table, chain.name, $0) }
    }
}
