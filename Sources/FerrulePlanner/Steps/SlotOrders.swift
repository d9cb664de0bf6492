// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// In which slots endpoints stand in a table that is followed, where that is not their order.
struct SlotOrders: Sendable {
    /// Which endpoint of the sorted list stands in each slot, the slots of the first part first. A number is a sixth of an
    /// endpoint, and after some time this concerns nearly all lists.
    private var orders: [EndpointList.Key: [UInt32]]

    /// The slots as they are in a table.
    init(of table: Table) {
        orders = SlotReading.slots(of: table).mapValues { endpoints in
            let sorted = endpoints.sorted()
            return endpoints.map { UInt32(sorted.sortedIndex(of: $0) ?? 0) }
        }
    }

    /// Lets the endpoints of a list that stay keep their slots; the others fill the holes.
    ///
    /// - Parameters:
    ///   - removed: takes what goes from the maps of slots and parts.
    ///   - added: takes what comes to stand there.
    mutating func follow(
        _ change: EndpointListChange, _ removed: inout [SetPurpose: [Element]], _ added: inout [SetPurpose: [Element]]
    ) {
        let (before, after) = (change.before.endpoints, change.after.endpoints)
        let known = orders[change.list].flatMap { $0.count == before.count ? $0.map(Int.init) : nil }
        let standing = known ?? Array(before.indices)
        let successors = before.places(in: after)
        let order = SlotKeeping.order(
            keeping: change.after.slots(in: change.before).map { $0.flatMap { successors[standing[$0]] } })
        orders[change.list] = order.elementsEqual(order.indices) ? nil : order.map(UInt32.init)
        guard change.before.parts.isEmpty, change.after.parts.isEmpty else {
            // The endpoints stand under several keys.
            let old = EndpointList(standing.map { before[$0] }, parts: change.before.parts)
            let new = EndpointList(order.map { after[$0] }, parts: change.after.parts)
            return exchange(old.elements(change.list), for: new.elements(change.list), &removed, &added)
        }
        for slot in 0..<max(before.count, after.count) {
            let old = slot < before.count ? before[standing[slot]] : nil
            let new = slot < after.count ? after[order[slot]] : nil
            guard old != new else { continue }
            let map = SetPurpose.endpoints(change.list.scope, slot: slot)
            if let old { removed[map, default: []].append(Element(change.list.key, .data(old))) }
            if let new { added[map, default: []].append(Element(change.list.key, .data(new))) }
        }
    }

    private func exchange(
        _ old: [(set: SetPurpose, element: Element)], for new: [(set: SetPurpose, element: Element)],
        _ removed: inout [SetPurpose: [Element]], _ added: inout [SetPurpose: [Element]]
    ) {
        let (known, wanted) = (Set(old.map(Placed.init)), Set(new.map(Placed.init)))
        for (set, element) in old where !wanted.contains(Placed(set: set, element: element)) {
            removed[set, default: []].append(element)
        }
        for (set, element) in new where !known.contains(Placed(set: set, element: element)) {
            added[set, default: []].append(element)
        }
    }
}

private struct Placed: Hashable {
    let set: SetPurpose
    let element: Element
}

extension EndpointList {
    /// How many endpoints each part has; a list that is not cut is a part of its own.
    private var sizes: [Int] { parts.isEmpty ? [endpoints.count] : parts.map(\.count) }

    /// For each slot, those of the first part first, which one of another list is the same slot of the same part; nil where
    /// there is none.
    fileprivate func slots(in other: EndpointList) -> [Int?] {
        var slots: [Int?] = []
        slots.reserveCapacity(endpoints.count)
        var start = 0
        let known = other.sizes
        for (part, size) in sizes.enumerated() {
            let count = known.indices.contains(part) ? known[part] : 0
            for slot in 0..<size { slots.append(slot < count ? start + slot : nil) }
            start += count
        }
        return slots
    }
}
