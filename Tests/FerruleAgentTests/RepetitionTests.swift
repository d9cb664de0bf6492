// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleAgent

@Suite struct RepetitionTests {
    @Test("what comes each second for a day is said some thirty times, and anew after all was well")
    func damps() {
        var repetition = Repetition()
        let start = ContinuousClock.now
        var said: [Int] = []
        for second in 0..<86_400 where repetition.isDue("away", start + .seconds(second)) { said.append(second) }
        #expect(said.prefix(4) == [0, 60, 180, 420])
        #expect(said.count == 30)
        #expect(repetition.isDue("refused", start + .seconds(86_400)))
        #expect(!repetition.isDue("away", start + .seconds(86_400)))
        repetition.end()
        #expect(repetition.isDue("away", start + .seconds(86_401)))
    }

    @Test("it remembers so many messages and no more")
    func forgets() {
        var repetition = Repetition()
        for number in 0..<5_000 { #expect(repetition.isDue("\(number)")) }
        #expect(repetition.isDue("0"))
    }
}
