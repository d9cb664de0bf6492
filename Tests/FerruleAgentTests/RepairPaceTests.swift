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
        for number in 0..<200 { times.append(pace.next(start + .milliseconds(50 * number))) }
        #expect(pace.isFight)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 <= .seconds(1) })
        #expect(Set(times).count == times.count)
        let later = (times.last ?? start) + .seconds(6)
        #expect(pace.next(later) == later)
        #expect(!pace.isFight)
    }
}
