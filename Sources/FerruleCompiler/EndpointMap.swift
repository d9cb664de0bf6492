// SPDX-License-Identifier: Apache-2.0

/// Which of the maps of a scope holds the endpoints of a slot.
///
/// The kernel finds a set by walking the list of all sets, so a map for each of M slots takes M * M steps to load. The
/// first 64 slots have one each, which is what nearly every service needs and reads best. Those behind share one a
/// page, and it is the largest service alone that says how many pages there are.
struct EndpointMap {
    /// Its place among the maps of the scope.
    let index: Int

    /// How many slots have a map of their own.
    private static let ownMaps = 64
    /// How many slots a page holds. The kernel checks each endpoint once for every chain that looks its map up, so
    /// large pages cost where many services are large, and small ones where one is very large. Measured from 16 to 256:
    /// between 32 and 64 neither costs much.
    private static let pageSize = 48

    init(index: Int) { self.index = index }

    /// The map that holds a slot.
    init(of slot: Int) { index = slot < Self.ownMaps ? slot : Self.ownMaps + (slot - Self.ownMaps) / Self.pageSize }

    /// How many maps hold so many slots.
    static func count(forSlots count: Int) -> Int { count == 0 ? 0 : EndpointMap(of: count - 1).index + 1 }

    /// Whether it holds several slots.
    var isPage: Bool { index >= Self.ownMaps }

    /// The first slot in it, which it is named after.
    var firstSlot: Int { isPage ? Self.ownMaps + (index - Self.ownMaps) * Self.pageSize : index }

    /// What stands in front of a slot's keys in a page; nil in a map of one slot.
    ///
    /// Of a number beyond 65,535, which no cluster has, it is the lower 16 bits: they still tell the slots of a page
    /// apart.
    func number(of slot: Int) -> UInt16? { isPage ? UInt16(truncatingIfNeeded: slot) : nil }
}
