// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Lets endpoints stay in the slots that they have in the kernel.
///
/// The compiler numbers the endpoints of a service in their order, so one that goes shifts all behind it. A packet is given
/// any slot with equal chance, so which endpoint is in which slot has no meaning: those that stay keep theirs, and the
/// others fill the holes. At most one of them moves for each that goes.
struct SlotKeeping {
    private let actual: [SetName: SetDefinition]
    private var table: Table

    /// The wanted table with its endpoints in the slots of the actual one, as far as they are there.
    static func table(_ wanted: Table, like actual: Table) -> Table {
        var keeping = SlotKeeping(actual, wanted)
        for maps in keeping.slotMaps { keeping.keep(maps) }
        return keeping.table
    }

    private init(_ actual: Table, _ wanted: Table) {
        self.actual = Dictionary(uniqueKeysWithValues: actual.sets.map { ($0.name, $0) })
        table = wanted
    }

    /// The indices of the maps `endpoints-0`, `endpoints-1` and so on, for each family of such maps.
    private var slotMaps: [[Int]] {
        var families: [(name: Substring, maps: [Int])] = []
        for (index, set) in table.sets.enumerated() {
            guard case .data = set.valueType, set.kind == .plain, let slot = set.name.slot else { continue }
            if slot.number == 0 {
                families.append((slot.family, [index]))
            } else if let family = families.firstIndex(where: { $0.name == slot.family && $0.maps.count == slot.number }) {
                families[family].maps.append(index)
            }
        }
        return families.map(\.maps)
    }

    private mutating func keep(_ maps: [Int]) {
        let current = maps.map { actual[table.sets[$0].name]?.elements ?? [] }
        var changed: Set<ElementKey> = []
        for (map, elements) in zip(maps, current) {
            collectChanged(table.sets[map].elements, elements, into: &changed)
        }
        for key in changed { keep(key, maps, current) }
    }

    /// The keys that stand on both sides with different values.
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

    private mutating func keep(_ key: ElementKey, _ maps: [Int], _ current: [[Element]]) {
        var places: [(map: Int, position: Int)] = []
        for map in maps {
            guard let position = table.sets[map].elements.position(of: key) else { break }
            places.append((map, position))
        }
        var homeless = places.map { table.sets[$0.map].elements[$0.position].value }
        var holes: [(map: Int, position: Int)] = []
        for (slot, place) in places.enumerated() {
            let value = current[slot].position(of: key).map { current[slot][$0].value }
            if let value, let index = homeless.firstIndex(of: value) {
                homeless.remove(at: index)
                put(value, at: place)
            } else {
                holes.append(place)
            }
        }
        for (value, place) in zip(homeless, holes) { put(value, at: place) }
    }

    private mutating func put(_ value: ElementValue, at place: (map: Int, position: Int)) {
        let element = table.sets[place.map].elements[place.position]
        table.sets[place.map].elements[place.position] = Element(element.key, value, comment: element.comment)
    }
}

extension SetName {
    /// `local-endpoints-3` is number 3 of `local-endpoints`.
    fileprivate var slot: (family: Substring, number: Int)? {
        guard let hyphen = description.lastIndex(of: "-"),
            let number = Int(description[description.index(after: hyphen)...])
        else { return nil }
        return (description[..<hyphen], number)
    }
}

extension [Element] {
    /// Where a key stands; the elements are sorted.
    fileprivate func position(of key: ElementKey) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].key == key ? low : nil
    }
}
