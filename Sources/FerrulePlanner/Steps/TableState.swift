// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What stands in one of Ferrule's tables in the kernel, as far as it matters for the next change: which chains and sets there
/// are, how many elements these hold, and in which slots endpoints stand.
///
/// It is what a plan leads to. Whoever keeps it need not read the kernel before the next change; when it is not known whether
/// a plan was carried out, it is thrown away, and the kernel is read.
package struct TableState: Sendable {
    package let name: TableName
    /// Sets without elements, and how many these are; of maps that packets write the number is not known.
    private var sets: [SetName: (definition: SetDefinition, count: Int)] = [:]
    private var chains: [ChainName: [Rule]] = [:]
    private var slots: SlotOrders

    /// The state in which the kernel holds a table: one that was read, or that a plan leads to.
    package init(_ table: Table) {
        (name, slots) = (table.name, SlotOrders(of: table))
        for set in table.sets {
            var definition = set
            definition.elements = []
            sets[set.name] = (definition, set.elements.count)
        }
        for chain in table.chains { chains[chain.name] = chain.rules }
    }

    /// The steps of a change, after which this is the state that they lead to.
    ///
    /// nil where the table as a whole has to be compared or made anew: a set is too small, or of another make. Then nothing of
    /// the state is true any more.
    ///
    /// - Parameters:
    ///   - provenance: the record of the new state.
    ///   - remembered: what packets have written into a map, read from the kernel: asked for only of maps whose endpoints change.
    package mutating func plan(
        _ change: TableChange, provenance: Provenance?, remembered: (SetDefinition) -> [Element]
    ) -> Plan? {
        guard !change.isOfWholeTable else { return nil }
        var plan = Plan()
        guard declare(change, in: &plan) else { return nil }
        var (removed, added) = (change.removed, change.added)
        for list in change.lists { slots.follow(list, &removed, &added) }
        guard count(removed, added) else { return nil }
        for part in removed.inOrder { plan.remove(definition(part.set, part.elements), in: name) }
        for map in change.dynamicMaps {
            guard case .dynamic(let content) = map.kind else { continue }
            var wrong = map
            wrong.elements = content.leaving(remembered(map))
            if !wrong.elements.isEmpty { plan.remove(wrong, in: name) }
        }
        for chain in change.retiredChains where chains[chain.name]?.isEmpty == false {
            plan.changes.operations.append(.flushChain(name, chain.name))
            chains[chain.name] = []
        }
        for chain in change.chains where chains[chain.name] != chain.rules {
            plan.rewrite(chain, in: name)
            chains[chain.name] = chain.rules
        }
        for set in change.retiredSets where sets[set.name] != nil {
            plan.changes.operations.append(.flushSet(name, set.name))
        }
        for part in added.inOrder {
            plan.changes.operations.append(.addElements(name, definition(part.set, part.elements)))
        }
        if !plan.isEmpty, let provenance { plan.changes.operations += recording(provenance).operations }
        return plan
    }

    /// Leftovers have been removed.
    package mutating func remove(_ leftovers: Leftovers) {
        for set in leftovers.sets { sets[set] = nil }
        for chain in leftovers.chains { chains[chain] = nil }
    }

    /// The steps that replace the record of a table; none where there is no table.
    package func recording(_ provenance: Provenance) -> Transaction {
        chains.isEmpty ? Transaction() : .recording(provenance, in: name)
    }

    /// Sets and chains that do not stand yet, in a transaction of their own. False where a set stands that is of another make.
    private mutating func declare(_ change: TableChange, in plan: inout Plan) -> Bool {
        var newSets: [SetDefinition] = []
        for set in change.sets {
            if let standing = sets[set.name]?.definition {
                guard standing.isLike(set) else { return false }
            } else {
                newSets.append(set)
            }
            sets[set.name] = (set.keepingSize(of: sets[set.name]?.definition), sets[set.name]?.count ?? 0)
        }
        let newChains = change.chains.filter { chains[$0.name] == nil }
        plan.structure.add(newSets, and: newChains, to: name, withElements: false)
        for chain in newChains { chains[chain.name] = chain.rules }
        return true
    }

    /// Counts elements that come and go. False where a set is too small.
    private mutating func count(_ removed: [SetPurpose: [Element]], _ added: [SetPurpose: [Element]]) -> Bool {
        for (set, elements) in removed { sets[set.name]?.count -= elements.count }
        for (set, elements) in added {
            guard let standing = sets[set.name] else { return false }
            let count = standing.count + elements.count
            // What is met after translation goes last.
            let most = count + (set.isMetAfterDNAT ? removed[set]?.count ?? 0 : 0)
            guard most <= standing.definition.size ?? .max else { return false }
            sets[set.name]?.count = count
        }
        return true
    }

    private func definition(_ set: SetPurpose, _ elements: [Element]) -> SetDefinition {
        var definition = sets[set.name]?.definition ?? SetDefinition(set, key: [])
        definition.elements = elements
        return definition
    }
}

/// Elements of one set.
private struct ElementsOfSet {
    let set: SetPurpose
    let elements: [Element]
}

extension [SetPurpose: [Element]] {
    /// By the names of the sets, each set's elements by key: the same change is the same transaction every time.
    fileprivate var inOrder: [ElementsOfSet] {
        let sets = map { set, elements in
            ElementsOfSet(set: set, elements: elements.map(\.key).ascendingPositions.map { elements[$0] })
        }
        return sets.sorted { $0.set.name < $1.set.name }
    }
}

extension SetDefinition {
    /// The size that the kernel was told stays.
    fileprivate func keepingSize(of standing: SetDefinition?) -> SetDefinition {
        var copy = self
        if let standing { copy.size = standing.size }
        return copy
    }
}
