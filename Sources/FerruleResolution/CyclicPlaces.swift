// SPDX-License-Identifier: Apache-2.0

/// Places in a circle that are given out one after the other: the wanted one, else the next behind it that is free.
///
/// The time that takes hardly depends on how many are taken or want the same one: a taken place remembers where the search
/// went on from it (a disjoint-set forest with path compression).
struct CyclicPlaces {
    private let count: UInt64
    /// For each taken place, one behind it up to which all are taken.
    private var next: [UInt64: UInt64] = [:]

    init(count: UInt64) { self.count = count }

    /// Takes a place that nobody may be given; a place that is not there is passed over.
    mutating func reserve(_ place: UInt64) {
        if place < count, next[place] == nil { next[place] = (place + 1) % count }
    }

    /// Takes the wanted place or the next free one; nil if all are taken.
    mutating func take(_ wanted: UInt64) -> UInt64? {
        guard UInt64(next.count) < count else { return nil }
        var place = wanted % count
        var passed: [UInt64] = []
        while let following = next[place] {
            passed.append(place)
            place = following
        }
        let following = (place + 1) % count
        for passed in passed { next[passed] = following }
        next[place] = following
        return place
    }
}
