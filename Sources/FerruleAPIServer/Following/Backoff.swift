// SPDX-License-Identifier: Apache-2.0

/// Waits that grow with each failure, with jitter, so that the agents of a cluster do not come all at once.
struct Backoff {
    private let times: FollowTimes
    private var next: Duration

    init(_ times: FollowTimes) { (self.times, next) = (times, times.firstDelay) }

    /// The wait before another try.
    ///
    /// - Parameter asked: what the server asks for; it is a little more then.
    mutating func delay(atLeast asked: Duration? = nil) -> Duration {
        defer { next = min(next * 2, times.longestDelay) }
        return (asked ?? next) + next * Double.random(in: 0..<1)
    }

    /// All is well again.
    mutating func reset() { next = times.firstDelay }
}
