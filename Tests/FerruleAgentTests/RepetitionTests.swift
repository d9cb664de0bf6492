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
        #expect(said.count == 29)
        let (other, same) = (repetition.isDue("refused", start + .seconds(86_400)), repetition.isDue("away", start))
        #expect(other && !same)
        repetition.end()
        let anew = repetition.isDue("away", start + .seconds(86_401))
        #expect(anew)
    }

    @Test("it tells when all that it has said is due again")
    func nextDue() {
        var repetition = Repetition()
        #expect(repetition.nextDue == nil)
        let start = ContinuousClock.now
        for second in 0...1 {
            let isDue = repetition.isDue("line \(second)", start + .seconds(second))
            #expect(isDue)
        }
        let (second, third) = (start + .seconds(61), start + .seconds(61 + 120))
        #expect(repetition.nextDue == second)
        let again = [0, 1].filter { repetition.isDue("line \($0)", second) }
        #expect(again == [0, 1])
        #expect(repetition.nextDue == third)
        repetition.end()
        #expect(repetition.nextDue == nil)
    }

    @Test("it remembers so many messages and no more")
    func forgets() {
        var repetition = Repetition()
        let due = (0..<5_000).filter { repetition.isDue("\($0)") }
        let again = repetition.isDue("0")
        #expect(due.count == 5_000 && again)
    }
}
