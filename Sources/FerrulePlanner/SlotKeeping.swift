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
        var families: [Substring: [(slot: Int, index: Int)]] = [:]
        for (index, set) in table.sets.enumerated() {
            guard case .data = set.valueType, set.kind == .plain, let first = set.name.firstSlot else { continue }
            families[first.family, default: []].append((first.number, index))
        }
        return families.values.map { maps in maps.sorted { $0.slot < $1.slot }.map(\.index) }
    }

    private mutating func keep(_ maps: [Int]) {
        let current = maps.map { actual[table.sets[$0].name]?.elements ?? [] }
        var changed: Set<ElementKey> = []
        for (map, elements) in zip(maps, current) {
            collectChanged(table.sets[map].elements, elements, into: &changed)
        }
        for service in changed { keep(service, maps, current) }
    }

    /// The services that have another endpoint in a slot that they have on both sides.
    private func collectChanged(_ wanted: [Element], _ current: [Element], into changed: inout Set<ElementKey>) {
        var (left, right) = (0, 0)
        while left < wanted.count, right < current.count {
            if wanted[left].key == current[right].key {
                if wanted[left].value != current[right].value { changed.insert(wanted[left].key.withoutSlot) }
                left += 1
                right += 1
            } else if wanted[left].key < current[right].key {
                left += 1
            } else {
                right += 1
            }
        }
    }

    private mutating func keep(_ service: ElementKey, _ maps: [Int], _ current: [[Element]]) {
        var places: [Place] = []
        var homeless = Endpoints()
        var wanted: [ElementValue] = []
        for (map, elements) in zip(maps, current) {
            let positions = table.sets[map].elements.positions(ofService: service)
            if positions.isEmpty { break }
            for position in positions {
                let element = table.sets[map].elements[position]
                let value = elements.position(of: element.key).map { elements[$0].value }
                places.append(Place(map: map, position: position, actual: value))
                wanted.append(element.value)
                homeless.add(element.value)
            }
        }
        var holes: [Place] = []
        for place in places {
            if let value = place.actual, homeless.remove(value) { put(value, at: place) } else { holes.append(place) }
        }
        let arriving = wanted.filter { homeless.remove($0) }
        for (value, place) in zip(arriving, holes) { put(value, at: place) }
    }

    private mutating func put(_ value: ElementValue, at place: Place) {
        let element = table.sets[place.map].elements[place.position]
        table.sets[place.map].elements[place.position] = Element(element.key, value, comment: element.comment)
    }
}

/// A slot of a service.
private struct Place {
    let map: Int
    let position: Int
    /// The endpoint that stands there in the kernel.
    let actual: ElementValue?
}

/// Endpoints, each as often as it was added. A service may have thousands, too many to look through for each of them.
private struct Endpoints {
    private var counts: [ElementValue: Int] = [:]

    mutating func add(_ value: ElementValue) { counts[value, default: 0] += 1 }

    /// Whether it was there.
    mutating func remove(_ value: ElementValue) -> Bool {
        guard let count = counts[value], count > 0 else { return false }
        counts[value] = count - 1
        return true
    }
}

extension SetName {
    /// `local-endpoints-3` holds number 3 of `local-endpoints`, and perhaps further ones.
    fileprivate var firstSlot: (family: Substring, number: Int)? {
        guard let hyphen = description.lastIndex(of: "-"),
            let number = Int(description[description.index(after: hyphen)...])
        else { return nil }
        return (description[..<hyphen], number)
    }
}
