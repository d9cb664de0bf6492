// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The steps from one table to another of the same name.
struct TableDifference {
    private let actual: Table
    private let wanted: Table
    private let isGenerated: (String) -> Bool
    private(set) var structure = Transaction()
    private(set) var changes = Transaction()
    private(set) var drift: [String] = []

    private var name: TableName { wanted.name }

    init(_ actual: Table, _ wanted: Table, _ isGenerated: @escaping (String) -> Bool) {
        (self.actual, self.wanted, self.isGenerated) = (actual, wanted, isGenerated)
    }

    mutating func find() {
        switch (actual.isAbsent, wanted.isAbsent) {
        case (true, true): return
        case (false, true): changes = .deleting([name])
        case (true, false): changes = rebuilding
        case (false, false):
            if mustRebuild { changes = rebuilding } else { compareObjects() }
        }
    }

    /// What packets have written is kept.
    private var rebuilding: Transaction {
        var table = wanted
        for index in table.sets.indices {
            guard case .dynamic(let memory) = table.sets[index].kind else { continue }
            let current = actual.sets.first { $0.name == table.sets[index].name }
            table.sets[index].elements = (current?.elements ?? []).compactMap(memory.keeping)
        }
        return .replacing(with: Ruleset(tables: [table], summary: Summary()))
    }

    /// Whether an object has to be of another make under the same name, which the kernel does not allow.
    private var mustRebuild: Bool {
        let sets = Dictionary(uniqueKeysWithValues: actual.sets.map { ($0.name, $0) })
        let chains = Dictionary(uniqueKeysWithValues: actual.chains.map { ($0.name, $0) })
        return wanted.sets.contains { set in
            guard let current = sets[set.name] else { return false }
            return !current.isLike(set) || (current.size ?? .max) < set.elements.count
        }
            || wanted.chains.contains { chain in
                guard let current = chains[chain.name] else { return false }
                return current.hook != chain.hook
            }
    }

    private mutating func compareObjects() {
        let actualSets = Dictionary(uniqueKeysWithValues: actual.sets.map { ($0.name, $0) })
        let actualChains = Dictionary(uniqueKeysWithValues: actual.chains.map { ($0.name, $0) })
        structure.add(
            wanted.sets.filter { actualSets[$0.name] == nil },
            and: wanted.chains.filter { actualChains[$0.name] == nil && $0.name != Provenance.chain }, to: name,
            withElements: false)

        var added: [Operation] = []
        for set in wanted.sets {
            let current = actualSets[set.name]?.elements ?? []
            if set.isInterval, set.keyType.count == 1 {
                // Ranges are kept as boundaries that neighbours may share, so they are changed all at once.
                guard current != set.elements else { continue }
                if !current.isEmpty { changes.operations.append(.flushSet(name, set.name)) }
                if !set.elements.isEmpty { added.append(.addElements(name, set)) }
                continue
            }
            var difference = ElementDifference(from: current, to: set)
            difference.find()
            if let removed = difference.removed {
                changes.operations +=
                    set.isMemory
                    ? Transaction.forgetting(removed, in: name).operations : [.deleteElements(name, removed)]
            }
            if let new = difference.added { added.append(.addElements(name, new)) }
        }
        let wantedSets = Set(wanted.sets.map(\.name))
        for set in actual.sets where !wantedSets.contains(set.name) && !set.elements.isEmpty {
            changes.operations.append(.flushSet(name, set.name))
        }
        for chain in wanted.chains {
            guard let current = actualChains[chain.name], current.rules != chain.rules else { continue }
            changes.operations.append(.flushChain(name, chain.name))
            changes.operations += chain.rules.map { .addRule(name, chain.name, $0) }
            if current.rules.contains(where: \.isOpaque) { drift.append("rule in chain \(name) \(chain.name)") }
        }
        changes.operations += added
        removeForeignObjects(wantedSets)
    }

    private mutating func removeForeignObjects(_ wantedSets: Set<SetName>) {
        let wantedChains = Set(wanted.chains.map(\.name))
        var chains = actual.chains.filter {
            !wantedChains.contains($0.name)
                && (!isGenerated($0.name.description) || $0.rules.contains(where: \.isOpaque))
        }.map(\.name)
        var sets = actual.sets.map(\.name).filter { !wantedSets.contains($0) && !isGenerated($0.description) }
        for object in actual.foreign {
            switch object {
            case .chain(let chain): chains.append(chain)
            case .set(let set): sets.append(set)
            }
        }
        // Emptied first, so that none of them refers to another when it goes.
        changes.operations += chains.map { .flushChain(name, $0) }
        changes.operations += chains.map { .deleteChain(name, $0) } + sets.map { .deleteSet(name, $0) }
        drift += chains.map { "chain \(name) \($0)" } + sets.map { "set \(name) \($0)" }
    }
}

extension SetDefinition {
    /// Whether the other is declared alike, apart from its size.
    fileprivate func isLike(_ other: SetDefinition) -> Bool {
        let isSameKind =
            switch (kind, other.kind) {
            case (.plain, .plain), (.interval, .interval), (.dynamic, .dynamic): true
            default: false
            }
        return isSameKind && keyType == other.keyType && valueType == other.valueType
    }
}

extension Rule {
    /// Whether somebody else wrote it.
    package var isOpaque: Bool {
        statements.contains { if case .opaque = $0 { true } else { false } }
    }
}
