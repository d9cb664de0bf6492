// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What is sent to the kernel, in numbers. Elements of anonymous maps are parts of rules and count as such. The record that
/// stands beside a table is a chain of a table that is made; where it alone is replaced, that is none of the work.
package struct KernelWork: Sendable, Hashable {
    package var elementsAdded = 0
    package var elementsRemoved = 0
    package var rulesAdded = 0
    package var rulesRemoved = 0
    package var chainsAdded = 0
    /// Chains that stay and get other rules.
    package var chainsRewritten = 0
    /// Sets and maps.
    package var setsAdded = 0
    /// Chains and sets of somebody else.
    package var objectsRemoved = 0
    /// Tables that are made, or made anew.
    package var tablesMade: [TableName] = []
    package var tablesRemoved: [TableName] = []

    package init() {}

    /// - Parameters:
    ///   - operations: in the order in which they are sent.
    ///   - actual: what stands in the kernel before, which tells how much goes with a table, a chain or a set.
    package init(_ operations: [Operation], on actual: Ruleset) {
        var kernel = ObjectCounts(actual)
        var rewritten: Set<ObjectCounts.Object<ChainName>> = []
        var deleted: [TableName] = []
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .addTable(let table):
                if deleted.contains(table) {
                    deleted.removeAll { $0 == table }
                    tablesMade.append(table)
                }
            case .deleteTable(let table):
                deleted.append(table)
                let gone = kernel.remove(table)
                elementsRemoved += gone.elements
                rulesRemoved += gone.rules
            case .addSet: setsAdded += 1
            case .addElements(let table, let set):
                if operations.areTakenBack(at: index) { continue }
                elementsAdded += set.elements.count
                kernel.addElements(set.elements.count, table, set.name)
            case .deleteElements(let table, let set):
                elementsRemoved += set.elements.count
                kernel.addElements(-set.elements.count, table, set.name)
            case .flushSet(let table, let set): elementsRemoved += kernel.takeElements(table, set)
            case .deleteSet(let table, let set):
                objectsRemoved += 1
                elementsRemoved += kernel.takeElements(table, set)
            case .addChain(let table, let chain, _):
                if chain.purpose != .record || !kernel.hasRecord(table) { chainsAdded += 1 }
            case .addRule(let table, let chain, _):
                rulesAdded += 1
                kernel.addRule(table, chain)
            case .flushChain(let table, let chain):
                rulesRemoved += kernel.takeRules(table, chain)
                rewritten.insert(.init(table: table, name: chain))
            case .deleteChain(_, ChainPurpose.record.name): break
            case .deleteChain(let table, let chain):
                objectsRemoved += 1
                rulesRemoved += kernel.takeRules(table, chain)
                rewritten.remove(.init(table: table, name: chain))
            }
        }
        chainsRewritten = rewritten.count
        // One that does not stand is deleted too, for certainty.
        let standing = Set(actual.tables.lazy.filter { !$0.isAbsent }.map(\.name))
        tablesRemoved = deleted.filter(standing.contains)
    }

    package var isEmpty: Bool { self == KernelWork() }
}

/// How many elements and rules the sets and chains of a kernel hold. Elements that packets write come and go by themselves,
/// and are left out.
private struct ObjectCounts {
    struct Object<Name: Hashable>: Hashable {
        let table: TableName
        let name: Name
    }

    private var elements: [Object<SetName>: Int] = [:]
    private var rules: [Object<ChainName>: Int] = [:]
    private var recorded: Set<TableName> = []

    init(_ ruleset: Ruleset) {
        for table in ruleset.tables {
            for set in table.sets where !set.isDynamic {
                elements[Object(table: table.name, name: set.name)] = set.elements.count
            }
            for chain in table.chains {
                rules[Object(table: table.name, name: chain.name)] = chain.rules.count + chain.foreignRules.count
                if chain.purpose == .record { recorded.insert(table.name) }
            }
        }
    }

    func hasRecord(_ table: TableName) -> Bool { recorded.contains(table) }

    mutating func addElements(_ count: Int, _ table: TableName, _ set: SetName) {
        elements[Object(table: table, name: set), default: 0] += count
    }

    mutating func addRule(_ table: TableName, _ chain: ChainName) {
        rules[Object(table: table, name: chain), default: 0] += 1
    }

    mutating func takeElements(_ table: TableName, _ set: SetName) -> Int {
        elements.removeValue(forKey: Object(table: table, name: set)) ?? 0
    }

    mutating func takeRules(_ table: TableName, _ chain: ChainName) -> Int {
        rules.removeValue(forKey: Object(table: table, name: chain)) ?? 0
    }

    /// Removes all of a table; how much it was.
    mutating func remove(_ table: TableName) -> (elements: Int, rules: Int) {
        let gone = (
            elements: elements.reduce(0) { $1.key.table == table ? $0 + $1.value : $0 },
            rules: rules.reduce(0) { $1.key.table == table ? $0 + $1.value : $0 }
        )
        elements = elements.filter { $0.key.table != table }
        rules = rules.filter { $0.key.table != table }
        recorded.remove(table)
        return gone
    }
}
