// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

@testable import FerruleCluster

/// An index against a dictionary, over histories with hashes that meet.
struct PlaceIndexTests {
    @Test("what was inserted is found in its place, through growth, removals and moves", arguments: [3, 16, 1 << 40])
    func history(hashes: Int) throws {
        for seed in UInt64(1)...20 {
            var generator = SeededGenerator(seed: seed)
            var index = PlaceIndex()
            /// By place: the hash.
            var known: [Int: Int] = [:]
            for step in 0..<300 {
                let place = Int.random(in: 0..<80, using: &generator)
                if let hash = known[place] {
                    let free = step + 100
                    if Bool.random(using: &generator) {
                        index.remove(place, hash)
                    } else {
                        index.move(place, to: free, hash)
                        known[free] = hash
                    }
                    known[place] = nil
                } else {
                    let hash = Int.random(in: 0..<hashes, using: &generator)
                    index.insert(place, hash)
                    known[place] = hash
                }
                let finds = known.allSatisfy { place, hash in index.place(hash) { $0 == place } == place }
                #expect(finds, "after step \(step)")
            }
            let found = Set(known.values).flatMap { hash in
                (0..<500).filter { place in index.place(hash) { $0 == place } != nil }
            }
            #expect(Set(found) == Set(known.keys))
        }
    }
}
