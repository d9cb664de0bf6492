// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Reads out of a table in which slots endpoints stand.
enum SlotReading {
    /// The lists whose endpoints do not stand in their order, and those of services that are cut into parts, each with its
    /// endpoints in the order of their slots, those of the first part first.
    static func slots(of table: Table) -> [EndpointList.Key: [Concatenation]] {
        let owners = PartOwners(of: table)
        var lists: [EndpointList.Key: [Concatenation]] = [:]
        var maps: [SlotScope: [Int: SetDefinition]] = [:]
        for set in table.sets {
            if case .endpoints(let scope, let slot) = set.purpose { maps[scope, default: [:]][slot] = set }
        }
        for (scope, bySlot) in maps {
            let slots = bySlot.sorted { $0.key < $1.key }.map(\.value.elements)
            for key in unsortedKeys(slots) where owners.owner(of: key) == nil {
                lists[EndpointList.Key(scope, key)] = endpoints(of: key, slots)
            }
        }
        guard !owners.isEmpty else { return lists }
        let slots = (maps[.ofParts] ?? [:]).sorted { $0.key < $1.key }.map(\.value.elements)
        let numbered = table.sets.compactMap { set -> (scope: SlotScope, number: Int, elements: [Element])? in
            if case .parts(let scope, let number) = set.purpose { (scope, number, set.elements) } else { nil }
        }
        for (scope, _, elements) in numbered.sorted(by: { $0.number < $1.number }) {
            for element in elements {
                guard let address = element.value.data?.address else { continue }
                lists[EndpointList.Key(scope, element.key), default: []] +=
                    endpoints(of: element.key.ofPart(address), slots)
            }
        }
        return lists.filter { !$0.value.isSorted }
    }

    /// The keys under which a slot holds an endpoint that goes before the one of the slot before.
    private static func unsortedKeys(_ slots: [[Element]]) -> Set<ElementKey> {
        var keys: Set<ElementKey> = []
        for (one, next) in zip(slots, slots.dropFirst()) {
            var left = 0
            for element in next {
                while left < one.count, one[left].key < element.key { left += 1 }
                guard left < one.count, one[left].key == element.key, let before = one[left].value.data,
                    let after = element.value.data, after < before
                else { continue }
                keys.insert(element.key)
            }
        }
        return keys
    }

    private static func endpoints(of key: ElementKey, _ slots: [[Element]]) -> [Concatenation] {
        var found: [Concatenation] = []
        for elements in slots {
            guard let position = elements.position(of: key), let endpoint = elements[position].value.data else { break }
            found.append(endpoint)
        }
        return found
    }
}

extension [Concatenation] {
    fileprivate var isSorted: Bool { indices.dropFirst().allSatisfy { self[$0 - 1] <= self[$0] } }
}
