// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The endpoints of each key, gathered from the maps that they are spread over.
struct EndpointLists {
    /// The elements that lead to services; the place of one is its number below.
    let keys: [Element]
    private var lists: [[(slot: Int, endpoint: Endpoint)]]
    /// The slots of each map, and what has to be added to the number of one to tell it from those of other maps.
    private var maps: [SetName: (slots: ClosedRange<Int>, offset: Int)] = [:]
    private var slotCount = 0

    init(_ sets: [SetDefinition], of keys: [Element]) {
        self.keys = keys
        lists = Array(repeating: [], count: keys.count)
        let places = Dictionary(keys.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for set in sets where set.kind == .plain && set.isMap && set.valueType != .verdict {
            let slots = set.slots
            let offset = slotCount - slots.lowerBound
            maps[set.name] = (slots, offset)
            slotCount += slots.count
            if keys.count < set.elements.count / 16 {
                for (place, key) in keys.enumerated() {
                    for position in set.elements.positions(ofService: key.key) {
                        add(set.elements[position], offset, place)
                    }
                }
            } else {
                for element in set.elements {
                    if let place = places[element.key.withoutSlot] { add(element, offset, place) }
                }
            }
        }
    }

    private mutating func add(_ element: Element, _ offset: Int, _ place: Int) {
        guard case .target(let address, let port) = element.value else { return }
        lists[place].append((offset + Int(element.key.slot ?? 0), Endpoint(address, port)))
    }

    /// Slots as a table of yes and no, for a quick look.
    func indices(of slots: Set<SlotPlace>) -> [Bool] {
        var table = Array(repeating: false, count: slotCount)
        for slot in slots {
            let number = Int(slot.number ?? 0)
            if let map = maps[slot.map], map.slots.contains(number) { table[map.offset + number] = true }
        }
        return table
    }

    /// The endpoints of a key in some of the slots.
    func endpoints(_ index: Int, in slots: [Bool]) -> [Endpoint] {
        let list = lists[index]
        var found: [Endpoint] = []
        found.reserveCapacity(list.count)
        for (slot, endpoint) in list where slots[slot] { found.append(endpoint) }
        return found
    }
}

extension SetDefinition {
    /// The slots that its endpoints stand in; in a map of one slot they have no number.
    fileprivate var slots: ClosedRange<Int> {
        guard isPage else { return 0...0 }
        let slots = elements.lazy.map { Int($0.key.slot ?? 0) }
        return (slots.min() ?? 0)...(slots.max() ?? 0)
    }
}
