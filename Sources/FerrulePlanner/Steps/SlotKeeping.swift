// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Lets endpoints stay in the slots that they have in the kernel, in a whole table.
///
/// The compiler numbers the endpoints of a service in their order, so one that goes shifts all behind it. A packet is given
/// any slot of any part with equal chance, so which endpoint is in which slot has no meaning: those that stay keep theirs,
/// and the others fill the holes (``order(keeping:)``). At most one of them moves for each that goes.
struct SlotKeeping {
    private let actual: [SetName: SetDefinition]
    private var table: Table
    private let owners: PartOwners
    /// The maps of parts, in the order of their numbers.
    private let partMaps: [SlotScope: [SetDefinition]]

    /// The wanted table with its endpoints in the slots of the actual one, as far as they are there.
    static func table(_ wanted: Table, like actual: Table) -> Table {
        var keeping = SlotKeeping(actual, wanted)
        for maps in keeping.slotMaps { keeping.keep(maps) }
        return keeping.table
    }

    private init(_ actual: Table, _ wanted: Table) {
        self.actual = Dictionary(uniqueKeysWithValues: actual.sets.map { ($0.name, $0) })
        table = wanted
        owners = PartOwners(of: wanted)
        let maps = SlotKeeping.numbered(wanted.sets) { set in
            if case .parts(let scope, let number) = set.purpose { (scope, number) } else { nil }
        }
        partMaps = maps.mapValues { indices in indices.map { wanted.sets[$0] } }
    }

    /// The indices of the maps of slot 0, 1 and so on, for each scope.
    private var slotMaps: [[Int]] {
        let maps = SlotKeeping.numbered(table.sets) { set in
            if case .endpoints(let scope, let slot) = set.purpose { (scope, slot) } else { nil }
        }
        return Array(maps.values)
    }

    /// The indices of those sets that have a number, in the order of these.
    private static func numbered(
        _ sets: [SetDefinition], _ place: (SetDefinition) -> (scope: SlotScope, number: Int)?
    ) -> [SlotScope: [Int]] {
        var found: [SlotScope: [(number: Int, index: Int)]] = [:]
        for (index, set) in sets.enumerated() {
            if let (scope, number) = place(set) { found[scope, default: []].append((number, index)) }
        }
        return found.mapValues { sets in sets.sorted { $0.number < $1.number }.map(\.index) }
    }

    private mutating func keep(_ maps: [Int]) {
        let current = maps.map { actual[table.sets[$0].name]?.elements ?? [] }
        var changed: Set<ElementKey> = []
        for (map, elements) in zip(maps, current) {
            collectChanged(table.sets[map].elements, elements, into: &changed)
        }
        var changedOwners: Set<PartOwners.Owner> = []
        for key in changed {
            if let owner = owners.owner(of: key) {
                changedOwners.insert(owner)
            } else {
                keep([(key, key)], maps, current)
            }
        }
        for owner in changedOwners { keep(parts(of: owner), maps, current) }
    }

    /// The keys that another endpoint stands under in a slot that there is on both sides.
    private func collectChanged(_ wanted: [Element], _ current: [Element], into changed: inout Set<ElementKey>) {
        var (left, right) = (0, 0)
        while left < wanted.count, right < current.count {
            if wanted[left].key == current[right].key {
                if wanted[left].value != current[right].value { changed.insert(wanted[left].key) }
                left += 1
                right += 1
            } else if wanted[left].key < current[right].key {
                left += 1
            } else {
                right += 1
            }
        }
    }

    /// The keys that the endpoints of each part stand under.
    private func parts(of owner: PartOwners.Owner) -> [(wanted: ElementKey, actual: ElementKey?)] {
        var parts: [(wanted: ElementKey, actual: ElementKey?)] = []
        for map in partMaps[owner.scope] ?? [] {
            guard let wanted = map.elements.partKey(of: owner.key) else { break }
            parts.append((wanted, actual[map.name]?.elements.partKey(of: owner.key)))
        }
        return parts
    }

    /// Keeps the endpoints of a service in their slots.
    ///
    /// - Parameter keys: what they stand under: the service's own key, or one for each part.
    private mutating func keep(
        _ keys: [(wanted: ElementKey, actual: ElementKey?)], _ maps: [Int], _ current: [[Element]]
    ) {
        var places: [Place] = []
        for key in keys {
            for (map, elements) in zip(maps, current) {
                guard let position = table.sets[map].elements.position(of: key.wanted) else { break }
                places.append(
                    Place(
                        map: map, position: position, wanted: table.sets[map].elements[position].value,
                        actual: key.actual.flatMap(elements.position).map { elements[$0].value }))
            }
        }
        // A service may have thousands of endpoints, too many to look through for each of them.
        let indices = Dictionary(places.enumerated().map { ($1.wanted, $0) }) { first, _ in first }
        let order = SlotKeeping.order(keeping: places.map { $0.actual.flatMap { indices[$0] } })
        for (place, index) in zip(places, order) {
            let key = table.sets[place.map].elements[place.position]
            table.sets[place.map].elements[place.position] = Element(
                key.key, places[index].wanted, comment: key.comment)
        }
    }
}

extension SlotKeeping {
    /// Which endpoint of a list is to stand in each slot, as positions in the list: those that stand in one stay there, and the
    /// others fill the holes in their order.
    ///
    /// - Parameter standing: for each slot, which there are as many of as endpoints, the endpoint of the list that stands there;
    ///   nil where none does.
    static func order(keeping standing: [Int?]) -> [Int] {
        var isPlaced = [Bool](repeating: false, count: standing.count)
        let kept = standing.map { index -> Int? in
            guard let index, !isPlaced[index] else { return nil }
            isPlaced[index] = true
            return index
        }
        var arriving = isPlaced.indices.lazy.filter { !isPlaced[$0] }.makeIterator()
        return kept.compactMap { $0 ?? arriving.next() }
    }
}

/// A slot of a service.
private struct Place {
    let map: Int
    let position: Int
    /// The endpoint that the compiler has put there.
    let wanted: ElementValue
    /// The endpoint that stands there in the kernel.
    let actual: ElementValue?
}

extension [Element] {
    /// In a map of parts, what the endpoints of a service's part stand under.
    fileprivate func partKey(of service: ElementKey) -> ElementKey? {
        guard let position = position(of: service), let address = self[position].value.data?.address else {
            return nil
        }
        return service.ofPart(address)
    }
}
