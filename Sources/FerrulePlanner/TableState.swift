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
    /// Where endpoints do not stand in their order: which endpoint of the sorted list stands in each slot. A number is a sixth of
    /// an endpoint, and after some time this concerns nearly all lists.
    private var orders: [EndpointList.Key: [UInt32]] = [:]

    /// The state in which the kernel holds a table: one that was read, or that a plan leads to.
    package init(_ table: Table) {
        name = table.name
        for set in table.sets {
            var definition = set
            definition.elements = []
            sets[set.name] = (definition, set.elements.count)
        }
        for chain in table.chains { chains[chain.name] = chain.rules }
        orders = SlotReading.slots(of: table).mapValues { $0.order(in: $0.sorted()) }
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
        for list in change.lists { place(list, &removed, &added) }
        guard count(removed, added) else { return nil }
        for part in removed.inOrder {
            let operation = Operation.deleteElements(name, definition(part.set, part.elements))
            if part.set.isMetAfterTranslation {
                plan.cleanup.operations.append(operation)
            } else {
                plan.changes.operations.append(operation)
            }
        }
        for map in change.dynamicMaps {
            guard case .dynamic(let content) = map.kind else { continue }
            var wrong = map
            wrong.elements = remembered(map).filter { content.keeping($0) == nil && !$0.isAboutToExpire }
            if !wrong.elements.isEmpty {
                plan.changes.operations += Transaction.deletingIfPresent(wrong, in: name).operations
            }
        }
        for chain in change.retiredChains where chains[chain.name]?.isEmpty == false {
            plan.changes.operations.append(.flushChain(name, chain.name))
            chains[chain.name] = []
        }
        plan.changes.operations += rewritten(change.chains)
        for set in change.retiredSets where sets[set.name] != nil {
            plan.changes.operations.append(.flushSet(name, set.name))
        }
        for part in added.inOrder {
            plan.changes.operations.append(.addElements(name, definition(part.set, part.elements)))
        }
        if !plan.isEmpty, let provenance { plan.changes.operations += recording(provenance) }
        return plan
    }

    /// Leftovers have been removed.
    package mutating func remove(_ leftovers: Leftovers) {
        for set in leftovers.sets { sets[set] = nil }
        for chain in leftovers.chains { chains[chain] = nil }
    }

    /// The steps that replace the record of a table; none where there is no table.
    package func recording(_ provenance: Provenance) -> [Operation] {
        guard !chains.isEmpty else { return [] }
        return [.deleteChain(name, ChainPurpose.record.name), .addChain(name, Chain(.record, rules: []), provenance)]
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

    /// Chains that stand with other rules than they are to have.
    private mutating func rewritten(_ wanted: [Chain]) -> [Operation] {
        wanted.flatMap { chain -> [Operation] in
            guard chains[chain.name] != chain.rules else { return [] }
            chains[chain.name] = chain.rules
            return [.flushChain(name, chain.name)] + chain.rules.map { .addRule(name, chain.name, $0) }
        }
    }

    /// Counts elements that come and go. False where a set is too small.
    private mutating func count(_ removed: [SetPurpose: [Element]], _ added: [SetPurpose: [Element]]) -> Bool {
        for (set, elements) in removed { sets[set.name]?.count -= elements.count }
        for (set, elements) in added {
            guard let standing = sets[set.name] else { return false }
            let count = standing.count + elements.count
            // What is met after translation goes last.
            let most = count + (set.isMetAfterTranslation ? removed[set]?.count ?? 0 : 0)
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

    /// Lets the endpoints of a list that stay keep their slots; the others fill the holes.
    private mutating func place(
        _ change: EndpointListChange, _ removed: inout [SetPurpose: [Element]], _ added: inout [SetPurpose: [Element]]
    ) {
        guard change.before.parts.isEmpty, change.after.parts.isEmpty else {
            return placeParts(change, &removed, &added)
        }
        let (before, after, key) = (change.before.endpoints, change.after.endpoints, change.list.key)
        let standing = orders[change.list].flatMap { $0.count == before.count ? $0 : nil }
        func former(_ slot: Int) -> Int { standing.map { Int($0[slot]) } ?? slot }
        let successors = before.places(in: after)
        var isHomeless = [Bool](repeating: true, count: after.count)
        for slot in 0..<min(before.count, after.count) {
            if let place = successors[former(slot)] { isHomeless[place] = false }
        }
        var arriving = isHomeless.indices.lazy.filter { isHomeless[$0] }.makeIterator()
        var order: [UInt32] = []
        order.reserveCapacity(after.count)
        for slot in 0..<max(before.count, after.count) {
            let old = slot < before.count ? former(slot) : nil
            if slot < after.count, let old, let place = successors[old] {
                order.append(UInt32(place))
                continue
            }
            let map = SetPurpose.endpoints(change.list.scope, slot: slot)
            if let old { removed[map, default: []].append(Element(key, .data(before[old]))) }
            if slot < after.count, let new = arriving.next() {
                order.append(UInt32(new))
                added[map, default: []].append(Element(key, .data(after[new])))
            }
        }
        let isInOrder = order.indices.allSatisfy { order[$0] == $0 }
        if standing != nil || !isInOrder { orders[change.list] = isInOrder ? nil : order }
    }

    /// The same of a list that is cut into parts, or was: its endpoints stand under several keys.
    private mutating func placeParts(
        _ change: EndpointListChange, _ removed: inout [SetPurpose: [Element]], _ added: inout [SetPurpose: [Element]]
    ) {
        var (standing, wanted) = (change.before, change.after)
        if let order = orders[change.list], order.count == standing.endpoints.count {
            standing.endpoints = order.map { change.before.endpoints[Int($0)] }
        }
        wanted.endpoints = SlotKeeping.endpoints(change.after, like: standing)
        let isInOrder = wanted.endpoints == change.after.endpoints
        orders[change.list] = isInOrder ? nil : wanted.endpoints.order(in: change.after.endpoints)
        let (old, new) = (standing.elements(change.list), wanted.elements(change.list))
        var unchanged: Set<Placed> = []
        let known = Set(old.map { Placed(set: $0.set, element: $0.element) })
        for (set, element) in new {
            let placed = Placed(set: set, element: element)
            if known.contains(placed) { unchanged.insert(placed) } else { added[set, default: []].append(element) }
        }
        for (set, element) in old where !unchanged.contains(Placed(set: set, element: element)) {
            removed[set, default: []].append(element)
        }
    }
}

private struct Placed: Hashable {
    let set: SetPurpose
    let element: Element
}

extension [Concatenation] {
    /// For each value its place in the same values, sorted.
    fileprivate func order(in sorted: [Concatenation]) -> [UInt32] { map { UInt32(sorted.sortedIndex(of: $0) ?? 0) } }
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
