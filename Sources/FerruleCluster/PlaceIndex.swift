// SPDX-License-Identifier: Apache-2.0

/// Finds the places of an array's elements by the hashes of what they are looked for, without a copy of it: a dictionary
/// would keep every name of a cluster a second time.
///
/// Several places may have one hash. Open addressing with linear probing: an element stands in the first slot that was free
/// from that of its hash on.
struct PlaceIndex: Sendable {
    private struct Slot {
        /// The lower half of the hash.
        let hash: UInt32
        /// -1 if the slot is empty.
        var place: Int32

        static let empty = Slot(hash: 0, place: -1)
        var isEmpty: Bool { place < 0 }
    }

    /// Their number is a power of two, of which at most three quarters are taken.
    private var slots: [Slot] = []
    private var count = 0

    mutating func reserveCapacity(_ count: Int) {
        guard 3 * slots.count < 4 * count else { return }
        var size = max(slots.count, 8)
        while 3 * size < 4 * count { size *= 2 }
        let old = slots
        slots = Array(repeating: .empty, count: size)
        for slot in old where !slot.isEmpty { fill(slot) }
    }

    /// The first place with a hash that fits; nil for none.
    func place(_ hash: Int, where isSought: (Int) -> Bool) -> Int? {
        slot(hash, where: isSought).map { Int(slots[$0].place) }
    }

    mutating func insert(_ place: Int, _ hash: Int) {
        reserveCapacity(count + 1)
        count += 1
        fill(Slot(hash: UInt32(truncatingIfNeeded: hash), place: Int32(place)))
    }

    /// Nothing happens if the place is not known by the hash.
    mutating func remove(_ place: Int, _ hash: Int) {
        guard var free = slot(hash, where: { $0 == place }) else { return }
        count -= 1
        slots[free] = .empty
        // What stands behind it without a gap moves up, unless it would come to stand before the slot of its hash.
        var next = following(free)
        while !slots[next].isEmpty {
            let home = Int(slots[next].hash) & mask
            if (next &- home) & mask >= (next &- free) & mask {
                slots.swapAt(free, next)
                free = next
            }
            next = following(next)
        }
    }

    /// What stood in one place stands in another from now on.
    mutating func move(_ old: Int, to new: Int, _ hash: Int) {
        guard let slot = slot(hash, where: { $0 == old }) else { return }
        slots[slot].place = Int32(new)
    }

    private var mask: Int { slots.count - 1 }

    private func following(_ slot: Int) -> Int { (slot &+ 1) & mask }

    private func slot(_ hash: Int, where isSought: (Int) -> Bool) -> Int? {
        guard count > 0 else { return nil }
        let hash = UInt32(truncatingIfNeeded: hash)
        var slot = Int(hash) & mask
        while !slots[slot].isEmpty {
            if slots[slot].hash == hash, isSought(Int(slots[slot].place)) { return slot }
            slot = following(slot)
        }
        return nil
    }

    private mutating func fill(_ new: Slot) {
        var slot = Int(new.hash) & mask
        while !slots[slot].isEmpty { slot = following(slot) }
        slots[slot] = new
    }
}
