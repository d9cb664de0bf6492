// SPDX-License-Identifier: Apache-2.0

/// When an agent compares the kernel with the cluster: now and then without a reason, at once where somebody has changed the
/// tables, ever more slowly where that goes on or the kernel refuses.
struct Schedule {
    private static let longestDelay = Duration.seconds(30)

    /// How long nothing may be compared.
    private let interval: Duration
    private var comparison: ContinuousClock.Instant
    /// Until when what is in doubt is left alone.
    private var patience: ContinuousClock.Instant
    private var pace = RepairPace()
    private var failures = 0

    init(interval: Duration, _ now: ContinuousClock.Instant) {
        self.interval = interval
        (comparison, patience) = (now + interval, now)
    }

    /// When something is to be done though nothing arrives; nil for never.
    func next(isComplete: Bool, isInDoubt: Bool) -> ContinuousClock.Instant? {
        guard isComplete else { return nil }
        return isInDoubt ? patience : comparison
    }

    /// Whether it is time to compare without a reason.
    func isComparisonDue(_ now: ContinuousClock.Instant) -> Bool { now >= comparison }

    /// Whether what is in doubt is to be left alone yet.
    func isPatient(_ now: ContinuousClock.Instant) -> Bool { now < patience }

    /// Somebody has changed the tables. Returns whether it has just turned out that this goes on.
    mutating func disturb(_ now: ContinuousClock.Instant) -> Bool {
        let wasFight = pace.isFight
        patience = pace.next(now)
        return pace.isFight && !wasFight
    }

    /// All went well.
    mutating func succeed(isCompared: Bool, _ now: ContinuousClock.Instant) {
        failures = 0
        if isCompared { comparison = now + interval }
    }

    /// Returns after how long it is tried again.
    mutating func fail(_ now: ContinuousClock.Instant) -> Duration {
        failures += 1
        let delay = min(Self.longestDelay, .milliseconds(50) * (1 << min(failures, 10)))
        patience = now + delay
        return delay
    }
}
