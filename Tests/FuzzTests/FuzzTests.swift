// SPDX-License-Identifier: Apache-2.0

import Fuzzing
import Testing

/// A short run over damaged definitions, the same every time; `make fuzz` is the long one.
struct FuzzTests {
    @Test("whatever is damaged, something can be said of it", arguments: 1...4 as ClosedRange<UInt64>)
    func damaged(seed: UInt64) throws {
        var mutator = Mutator(try Seeds.texts, seed: seed)
        for number in 0..<1000 {
            let text = mutator.next()
            let faults = InputCheck(text).faults
            #expect(faults == [], "text \(number) of seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test("what is not damaged has no faults")
    func seeds() throws {
        let texts = try Seeds.texts
        #expect(texts.count > 300)
        for text in texts { #expect(InputCheck(text).faults == []) }
    }
}
