// SPDX-License-Identifier: Apache-2.0

/// One step of a transaction.
package enum Operation: Sendable {
    /// Accepted also where the table exists.
    case addTable(TableName)
    case deleteTable(TableName)
    /// Declares a set or map, without its elements.
    case addSet(TableName, SetDefinition)
    /// Adds the definition's elements to the set.
    case addElements(TableName, SetDefinition)
    /// Removes the definition's elements from the set; their values do not matter.
    case deleteElements(TableName, SetDefinition)
    /// Removes all elements of the set.
    case flushSet(TableName, SetName)
    case deleteSet(TableName, SetName)
    /// Adds a chain, without its rules, and with a record if it is the one for that.
    case addChain(TableName, Chain, Provenance? = nil)
    case addRule(TableName, ChainName, Rule)
    /// Removes all rules of the chain.
    case flushChain(TableName, ChainName)
    case deleteChain(TableName, ChainName)
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
            transaction.operations.append(.addTable(name))
            transaction.add(table.sets, and: table.chains, to: name, withElements: true, provenance)
        }
        return transaction
    }

    /// Removes tables, whether or not they exist.
    package static func deleting(_ tables: [TableName]) -> Transaction {
        Transaction(tables.flatMap { [.addTable($0), .deleteTable($0)] })
    }

    /// Removes sets and chains with what is in them: rules refer to sets, and elements of sets to chains, so they go in this order.
    package static func deleting(_ sets: [SetName], and chains: [ChainName], in table: TableName) -> Transaction {
        var transaction = Transaction(chains.map { .flushChain(table, $0) } + sets.map { .flushSet(table, $0) })
        transaction.operations += sets.map { .deleteSet(table, $0) } + chains.map { .deleteChain(table, $0) }
        return transaction
    }

    /// Adds sets, and chains with their rules.
    ///
    /// Elements that lead to chains come before the rules that look them up: with each that comes after, the kernel would look
    /// through its chain. All others come after the rules: at a rule the kernel goes through the whole set, which takes it a
    /// sixth of the time of all, while an element that comes is at hand.
    package mutating func add(
        _ sets: [SetDefinition], and chains: [Chain], to table: TableName, withElements: Bool,
        _ provenance: Provenance? = nil
    ) {
        operations += sets.map { .addSet(table, $0) }
        operations += chains.map { .addChain(table, $0, $0.purpose == .record ? provenance : nil) }
        let filled = withElements ? sets.filter { !$0.elements.isEmpty } : []
        operations += filled.filter { $0.valueType == .verdict }.map { .addElements(table, $0) }
        for chain in chains { operations += chain.rules.map { .addRule(table, chain.name, $0) } }
        operations += filled.filter { $0.valueType != .verdict }.map { .addElements(table, $0) }
    }

    /// Removes elements that packets have written, whether or not they have gone by themselves meanwhile: a missing element
    /// would have the whole transaction refused, and adding one that is there is accepted.
    package static func deletingIfPresent(_ elements: SetDefinition, in table: TableName) -> Transaction {
        Transaction([.addElements(table, elements), .deleteElements(table, elements)])
    }

    /// Gives a table that stands another record.
    ///
    /// - Parameter hasRecord: whether it has one now, unless somebody has removed it.
    package static func recording(
        _ provenance: Provenance, in table: TableName, hasRecord: Bool = true
    ) -> Transaction {
        Transaction(
            (hasRecord ? [.deleteChain(table, ChainPurpose.record.name)] : [])
                + [.addChain(table, Chain(.record, rules: []), provenance)])
    }

    package var isEmpty: Bool { operations.isEmpty }

    /// How many set elements the transaction adds, those of anonymous maps left out, and those that it removes again.
    package var elementCount: Int {
        operations.indices.reduce(0) { count, index in
            guard case .addElements(_, let set) = operations[index], !operations.areTakenBack(at: index) else {
                return count
            }
            return count + set.elements.count
        }
    }
}

extension [Operation] {
    /// Whether elements are added by one only for the next one to remove them, as ``Transaction/deletingIfPresent(_:in:)`` does.
    package func areTakenBack(at place: Int) -> Bool {
        guard indices.contains(place + 1), case .addElements(let table, let set) = self[place],
            case .deleteElements(table, set) = self[place + 1]
        else { return false }
        return true
    }
}
