// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleAgent

@Suite struct ScheduleTests {
    private let start = ContinuousClock.now

    private func schedule() -> Schedule { Schedule(interval: .seconds(600), start) }

    @Test("before the cluster is known nothing is due, however long that takes")
    func waits() {
        #expect(schedule().next(isComplete: false, isInDoubt: true) == nil)
        #expect(schedule().next(isComplete: false, isInDoubt: false) == nil)
    }

    @Test("what is known is compared when its time has come, and not again before the next")
    func compares() {
        var schedule = schedule()
        #expect(schedule.next(isComplete: true, isInDoubt: false) == start + .seconds(600))
        #expect(!schedule.isComparisonDue(start + .seconds(599)) && schedule.isComparisonDue(start + .seconds(600)))
        schedule.succeed(isCompared: false, start + .seconds(300))
        #expect(schedule.isComparisonDue(start + .seconds(600)))
        schedule.succeed(isCompared: true, start + .seconds(600))
        #expect(schedule.next(isComplete: true, isInDoubt: false) == start + .seconds(1200))
    }

    @Test("a kernel that refuses is asked ever more seldom, also when it is time to compare")
    func refusals() {
        var schedule = schedule()
        var now = start
        for delay in [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000] {
            #expect(schedule.fail(now) == .milliseconds(delay))
            now += .milliseconds(delay)
            #expect(schedule.next(isComplete: true, isInDoubt: true) == now)
            #expect(schedule.isPatient(now - .milliseconds(1)) && !schedule.isPatient(now))
        }
        now = start + .seconds(700)
        let delay = schedule.fail(now)
        #expect(schedule.next(isComplete: true, isInDoubt: true) == now + delay)
        schedule.succeed(isCompared: true, now)
        #expect(schedule.fail(now) == .milliseconds(100))
    }

    @Test("who goes on changing the tables is said to do so once")
    func fights() {
        var schedule = schedule()
        let said = (0..<200).filter { schedule.disturb(start + .milliseconds(50 * $0)) }
        #expect(said.count == 1)
    }
}
