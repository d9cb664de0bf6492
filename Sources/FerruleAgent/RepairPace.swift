// SPDX-License-Identifier: Apache-2.0

/// How soon what others change in Ferrule's tables is put right: at once, but ever more slowly as long as they go on.
struct RepairPace {
    private static let longest = Duration.seconds(1)
    private static let quiet = Duration.seconds(5)

    private var last: ContinuousClock.Instant?
    private var gap = Duration.zero
    /// Whether it has been said that somebody goes on.
    private(set) var isFight = false

    /// When the next repair may take place, of which there is need now.
    mutating func next(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard let last, now - last < Self.quiet else {
            (self.last, gap, isFight) = (now, .zero, false)
            return now
        }
        // What comes before it is put right by the one that is appointed.
        if last > now { return last }
        gap = min(max(gap * 2, .milliseconds(10)), Self.longest)
        if gap >= .milliseconds(100) { isFight = true }
        let time = max(now, last + gap)
        self.last = time
        return time
    }
}
