// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The steps from one table to another of the same name.
struct TableDifference {
    private let actual: Table
    private let wanted: Table
    private let actualSets: [SetName: SetDefinition]
    private let actualChains: [ChainName: Chain]
    private var plan = Plan()
    private var isMadeAnew = false

    private var name: TableName { wanted.name }

    static func plan(from actual: Table, to wanted: Table) -> Plan {
        var difference = TableDifference(actual, wanted)
        difference.find()
        difference.plan.after = [difference.after]
        return difference.plan
    }

    private init(_ actual: Table, _ wanted: Table) {
        self.actual = actual
        self.wanted = SlotKeeping.table(wanted, like: actual)
        actualSets = Dictionary(uniqueKeysWithValues: actual.sets.map { ($0.name, $0) })
        actualChains = Dictionary(uniqueKeysWithValues: actual.chains.map { ($0.name, $0) })
    }

    private mutating func find() {
        switch (actual.isAbsent, wanted.isAbsent) {
        case (true, true): return
        case (false, true):
            plan.changes = .deleting([name])
            plan.drift = actual.foreignDescriptions
        case (true, false):
            plan.changes = rebuilding
            isMadeAnew = true
        case (false, false):
            if mustRebuild {
                plan.changes = rebuilding
                isMadeAnew = true
                plan.drift = actual.foreignDescriptions
            } else {
                compareObjects()
            }
        }
    }

    /// The table when all steps have been carried out.
    private var after: Table {
        guard !isMadeAnew, !wanted.isAbsent else { return wanted }
        var after = wanted
        for index in after.sets.indices {
            // The kernel keeps the size that it was told first.
            if let current = actualSets[after.sets[index].name] { after.sets[index].size = current.size }
        }
        let (sets, chains) = (Set(wanted.sets.map(\.name)), Set(wanted.chains.map(\.name)))
        for var set in actual.sets where set.purpose.mayBeLeftOver && !sets.contains(set.name) {
            set.elements = []
            after.sets.append(set)
        }
        for var chain in actual.chains where chain.purpose.mayBeLeftOver && !chains.contains(chain.name) {
            if chain.base != nil { chain.rules = [] }
            after.chains.append(chain)
        }
        return after
    }

    /// What packets have written is kept.
    private var rebuilding: Transaction {
        var table = wanted
        for index in table.sets.indices {
            guard case .dynamic(let content) = table.sets[index].kind else { continue }
            let current = actualSets[table.sets[index].name]
            table.sets[index].elements = (current?.elements ?? []).compactMap(content.keeping)
        }
        return .replacing(with: Ruleset(tables: [table], summary: Summary()))
    }

    /// Whether an object has to be of another make under the same name, which the kernel does not allow, or somebody's
    /// objects are entangled with those that stay.
    private var mustRebuild: Bool {
        let kept = Set(wanted.chains.map(\.name))
        if actual.foreign.contains(where: { !isRemovable($0) }) { return true }
        if actual.chains.contains(where: { !kept.contains($0.name) && $0.purpose.mayBeLeftOver && $0.hasForeignRule }) {
            return true
        }
        return wanted.sets.contains { set in
            guard let current = actualSets[set.name] else { return false }
            return !current.isLike(set) || (current.size ?? .max) < current.countWhileChanging(to: set)
        }
            || wanted.chains.contains { chain in
                guard let current = actualChains[chain.name] else { return false }
                return current.base != chain.base
            }
    }

    private mutating func compareObjects() {
        plan.structure.add(
            wanted.sets.filter { actualSets[$0.name] == nil },
            and: wanted.chains.filter { actualChains[$0.name] == nil && $0.purpose != .record }, to: name,
            withElements: false)

        var added: [Operation] = []
        for set in wanted.sets {
            let current = actualSets[set.name]?.elements ?? []
            if set.isInterval, set.keyType.count == 1 {
                // Ranges are kept as boundaries that neighbours may share, so they are changed all at once.
                guard current != set.elements else { continue }
                if !current.isEmpty { plan.changes.operations.append(.flushSet(name, set.name)) }
                if !set.elements.isEmpty { added.append(.addElements(name, set)) }
                continue
            }
            var difference = ElementDifference(from: current, to: set)
            difference.find()
            if let removed = difference.removed { plan.remove(removed, in: name) }
            if let new = difference.added { added.append(.addElements(name, new)) }
        }
        let wantedSets = Set(wanted.sets.map(\.name))
        for set in actual.sets where !wantedSets.contains(set.name) && !set.elements.isEmpty {
            plan.changes.operations.append(.flushSet(name, set.name))
        }
        for chain in wanted.chains {
            guard let current = actualChains[chain.name], !current.hasRules(of: chain) else { continue }
            plan.rewrite(chain, in: name)
            plan.drift += actual.foreignRules(of: current)
        }
        // A base chain that is kept is entered by packets as long as it stands.
        let wantedChains = Set(wanted.chains.map(\.name))
        for chain in actual.chains where !wantedChains.contains(chain.name) && chain.purpose.mayBeLeftOver {
            if chain.base != nil, !chain.rules.isEmpty { plan.changes.operations.append(.flushChain(name, chain.name)) }
        }
        plan.changes.operations += added
        removeForeignObjects(wantedSets, wantedChains)
    }

    private mutating func removeForeignObjects(_ wantedSets: Set<SetName>, _ wantedChains: Set<ChainName>) {
        var chains = actual.chains.filter { !wantedChains.contains($0.name) && !$0.purpose.mayBeLeftOver }.map(\.name)
        var sets = actual.sets.filter { !wantedSets.contains($0.name) && !$0.purpose.mayBeLeftOver }.map(\.name)
        for object in actual.foreign {
            switch object {
            case .chain(let chain): chains.append(chain)
            case .set(let set): sets.append(set)
            case .constantSet, .elements, .property: break
            }
        }
        plan.changes.operations += Transaction.deleting(sets, and: chains, in: name).operations
        plan.drift += chains.map { "chain \(name) \($0)" } + sets.map { "set \(name) \($0)" }
    }
}

extension TableDifference {
    /// Whether it bears a name of its own, so that nothing of Ferrule's has to be where it is.
    private func isRemovable(_ object: ForeignObject) -> Bool {
        switch object {
        case .chain(let chain): isForeign(chain)
        case .set(let set): isForeign(set)
        case .constantSet, .elements, .property: false
        }
    }

    /// Whether Ferrule has no chain of the name, neither one that is wanted nor one that may be left over.
    private func isForeign(_ name: ChainName) -> Bool {
        !ChainPurpose(name).mayBeLeftOver && !wanted.chains.contains { $0.name == name }
    }

    private func isForeign(_ name: SetName) -> Bool {
        !SetPurpose(name).mayBeLeftOver && !wanted.sets.contains { $0.name == name }
    }
}

extension Chain {
    /// Whether the rules are those of another chain, and nothing else.
    fileprivate func hasRules(of other: Chain) -> Bool { rules == other.rules && foreignRules.isEmpty }
}

extension SetDefinition {
    /// How many elements there are at most while they become those of another set: what packets meet after their translation
    /// goes only when all else has been changed.
    fileprivate func countWhileChanging(to wanted: SetDefinition) -> Int {
        guard purpose.isMetAfterDNAT else { return wanted.elements.count }
        let kept = elements.map(\.key).places(in: wanted.elements.map(\.key)).count { $0 != nil }
        return elements.count - kept + wanted.elements.count
    }

    /// Whether the other is declared alike, apart from its size.
    func isLike(_ other: SetDefinition) -> Bool {
        let isSameKind =
            switch (kind, other.kind) {
            case (.plain, .plain), (.interval, .interval), (.dynamic, .dynamic): true
            default: false
            }
        return isSameKind && keyType == other.keyType && valueType == other.valueType
    }
}
