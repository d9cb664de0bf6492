// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset

/// Carries out transactions in memory by the rules of the kernel's nf_tables: all of it or nothing.
struct MemoryKernel {
    /// A step that the kernel would refuse, with the name of its error.
    struct Refusal: Error, CustomStringConvertible {
        let step: String
        let error: String

        var description: String { "\(step): \(error)" }
    }

    private(set) var tables: [TableName: MemoryTable] = [:]

    mutating func apply(_ transaction: Transaction) throws(Refusal) {
        var copy = self
        for operation in transaction.operations {
            do throws(MemoryError) {
                try copy.carryOut(operation)
            } catch {
                throw Refusal(step: operation.description, error: "\(error)")
            }
        }
        self = copy
    }

    private mutating func carryOut(_ operation: Operation) throws(MemoryError) {
        switch operation {
        case .addTable(let name): if tables[name] == nil { tables[name] = MemoryTable() }
        case .deleteTable(let name): guard tables.removeValue(forKey: name) != nil else { throw .ENOENT }
        case .addSet(let table, let set): try change(table) { table throws(MemoryError) in try table.add(set) }
        case .addElements(let table, let set):
            try change(table) { table throws(MemoryError) in try table.addElements(of: set) }
        case .deleteElements(let table, let set):
            try change(table) { table throws(MemoryError) in try table.deleteElements(of: set) }
        case .flushSet(let table, let set): try change(table) { table throws(MemoryError) in try table.flush(set) }
        case .deleteSet(let table, let set): try change(table) { table throws(MemoryError) in try table.delete(set) }
        case .addChain(let table, let chain, _):
            try change(table) { table throws(MemoryError) in try table.add(chain) }
        case .addRule(let table, let chain, let rule):
            try change(table) { table throws(MemoryError) in try table.add(rule, to: chain) }
        case .flushChain(let table, let chain):
            try change(table) { table throws(MemoryError) in try table.flush(chain) }
        case .deleteChain(let table, let chain):
            try change(table) { table throws(MemoryError) in try table.delete(chain) }
        }
    }

    private mutating func change(
        _ name: TableName, _ body: (inout MemoryTable) throws(MemoryError) -> Void
    ) throws(MemoryError) {
        guard var table = tables.removeValue(forKey: name) else { throw .ENOENT }
        try body(&table)
        tables[name] = table
    }

    /// What is read back: sets and chains by name.
    func read(_ names: [TableName]) -> Ruleset {
        Ruleset(
            tables: names.map { name in
                var table = Table(name)
                table.sets = tables[name]?.listedSets ?? []
                table.chains = tables[name]?.chains.values.sorted { $0.name < $1.name } ?? []
                return table
            }, summary: Summary())
    }
}

/// The kernel's errors, by their names.
enum MemoryError: Error {
    case ENOENT, EEXIST, EBUSY, ENFILE
}
