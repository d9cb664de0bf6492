// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// The endpoints of each key, gathered from the maps that they are spread over.
struct EndpointLists {
    /// The elements that lead to services; the place of one is its number below.
    let keys: [Element]
    private var lists: [[(slot: Int, endpoint: Endpoint)]]
    private var maps: [SetName: Int] = [:]
    /// The maps of parts, from 1 on.
    private var parts: [SetName: Int] = [:]

    /// What endpoints of a key stand under: the key itself, or that of one of its parts.
    private struct Entry {
        let key: ElementKey
        /// The number of the map of parts; 0 for the key itself.
        let part: Int
        let place: Int
    }

    init(_ sets: [SetDefinition], of keys: [Element]) {
        self.keys = keys
        lists = Array(repeating: [], count: keys.count)
        var entries = keys.enumerated().map { Entry(key: $1.key, part: 0, place: $0) }
        var table = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
        for set in sets where set.purpose.isOfParts {
            let part = parts.count + 1
            parts[set.name] = part
            for element in set.elements {
                guard let address = element.value.data?.address, let owner = table[element.key] else { continue }
                let entry = Entry(key: element.key.ofPart(address), part: part, place: owner.place)
                entries.append(entry)
                table[entry.key] = table[entry.key] ?? entry
            }
        }
        let endpointMaps = sets.filter(\.purpose.isOfEndpoints)
        for (index, set) in endpointMaps.enumerated() { maps[set.name] = index }
        for (index, set) in endpointMaps.enumerated() {
            if entries.count < set.elements.count / 16 {
                for entry in entries {
                    if let position = set.elements.position(of: entry.key) {
                        add(set.elements[position], index, entry)
                    }
                }
            } else {
                for element in set.elements {
                    if let entry = table[element.key] { add(element, index, entry) }
                }
            }
        }
    }

    private mutating func add(_ element: Element, _ map: Int, _ entry: Entry) {
        guard let endpoint = element.value.data?.endpoint else { return }
        lists[entry.place].append((entry.part * maps.count + map, endpoint))
    }

    /// Slots as a table of yes and no, for a quick look; it ends where there are no more.
    func indices(of slots: Set<SlotPlace>) -> [Bool] {
        let found = slots.compactMap { slot -> Int? in
            guard let map = maps[slot.map] else { return nil }
            guard let name = slot.parts else { return map }
            return parts[name].map { $0 * maps.count + map }
        }
        var table = Array(repeating: false, count: (found.max() ?? -1) + 1)
        for slot in found { table[slot] = true }
        return table
    }

    /// The endpoints of a key in some of the slots.
    func endpoints(_ index: Int, in slots: [Bool]) -> [Endpoint] {
        let list = lists[index]
        var found: [Endpoint] = []
        found.reserveCapacity(list.count)
        for (slot, endpoint) in list where slot < slots.count && slots[slot] { found.append(endpoint) }
        return found
    }
}
