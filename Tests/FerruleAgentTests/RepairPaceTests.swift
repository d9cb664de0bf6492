// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleAgent

@Suite struct RepairPaceTests {
    private let start = ContinuousClock.now

    @Test("what happens now and then is put right at once")
    func calm() {
        var pace = RepairPace()
        for second in stride(from: 0, to: 60, by: 6) {
            let now = start + .seconds(second)
            #expect(pace.next(now) == now)
        }
        #expect(!pace.isFight)
    }

    @Test("who goes on is answered ever more slowly, once a second in the end, and at once after a while of quiet")
    func fight() {
        var pace = RepairPace()
        var times: [ContinuousClock.Instant] = []
        for number in 0..<200 {
            let now = start + .milliseconds(50 * number)
            let time = pace.next(now)
            // However many there have been, none waits for longer.
            #expect(time >= now && time - now <= .seconds(1))
            if time != times.last { times.append(time) }
        }
        #expect(pace.isFight)
        let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 <= .seconds(1) + .milliseconds(50) })
        #expect(gaps.suffix(5).allSatisfy { $0 >= .seconds(1) })
        let later = (times.last ?? start) + .seconds(6)
        #expect(pace.next(later) == later)
        #expect(!pace.isFight)
    }
}
