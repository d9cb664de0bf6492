// SPDX-License-Identifier: Apache-2.0

/// One step of a transaction.
package enum Operation: Sendable {
    /// Accepted also where the table exists.
    case addTable(TableName, Provenance?)
    case deleteTable(TableName)
    /// Declares a set or map, without its elements.
    case addSet(TableName, SetDefinition)
    /// Adds the definition's elements to the set.
    case addElements(TableName, SetDefinition)
    /// Adds a chain, without its rules.
    case addChain(TableName, Chain)
    case addRule(TableName, ChainName, Rule)
}

/// Steps that take effect together or not at all.
package struct Transaction: Sendable {
    package var operations: [Operation]

    package init(_ operations: [Operation] = []) { self.operations = operations }

    /// Puts a ruleset in the place of whatever stands in its tables.
    ///
    /// Adding a table before deleting it makes the deletion succeed whether or not it existed. Chains are declared before
    /// any element or rule leads to them.
    package static func replacing(with ruleset: Ruleset, provenance: Provenance? = nil) -> Transaction {
        var transaction = Transaction.deleting(ruleset.tables.map(\.name))
        for table in ruleset.tables where !table.isAbsent {
            let name = table.name
            transaction.operations.append(.addTable(name, provenance))
            transaction.operations += table.sets.map { .addSet(name, $0) }
            transaction.operations += table.chains.map { .addChain(name, $0) }
            transaction.operations += table.sets.lazy.filter { !$0.elements.isEmpty }.map { .addElements(name, $0) }
            for chain in table.chains {
                transaction.operations += chain.rules.map { .addRule(name, chain.name, $0) }
            }
        }
        return transaction
    }

    /// Removes tables, whether or not they exist.
    package static func deleting(_ tables: [TableName]) -> Transaction {
        Transaction(tables.flatMap { [.addTable($0, nil), .deleteTable($0)] })
    }

    /// How many set elements the transaction adds, those of anonymous maps left out.
    package var elementCount: Int {
        operations.reduce(0) { count, operation in
            if case .addElements(_, let set) = operation { count + set.elements.count } else { count }
        }
    }
}
