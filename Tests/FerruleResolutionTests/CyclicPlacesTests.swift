// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

@testable import FerruleResolution

/// Who gets which place does not depend on how it is found.
struct CyclicPlacesTests {
    @Test("the wanted place, else the next free one, as a search from it finds it", arguments: 0..<50 as Range<UInt64>)
    func likeSearch(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = UInt64.random(in: 1...40, using: &generator)
        var places = CyclicPlaces(count: count)
        var taken: Set<UInt64> = []
        for _ in 0..<5 {
            let place = UInt64.random(in: 0..<50, using: &generator)
            places.reserve(place)
            if place < count { taken.insert(place) }
        }
        for _ in 0..<50 {
            let wanted = UInt64.random(in: 0...200, using: &generator)
            let expected = (0..<count).map { (wanted + $0) % count }.first { !taken.contains($0) }
            #expect(places.take(wanted) == expected)
            if let expected { taken.insert(expected) }
        }
    }

    @Test("all may want one place")
    func onePlace() {
        // One step for each that is taken would be 5,000 million.
        var places = CyclicPlaces(count: 150_000)
        let time = threadTime {
            let isInOrder = (0..<100_000 as Range<UInt64>).allSatisfy { places.take(0) == $0 }
            #expect(isInOrder)
        }
        #expect(time < 20)
    }

    @Test("there may be as many places as 64 bits count")
    func largest() {
        var places = CyclicPlaces(count: .max)
        let last = UInt64.max - 1
        #expect(places.take(last) == last)
        #expect(places.take(last) == 0)
    }
}
