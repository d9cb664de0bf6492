// SPDX-License-Identifier: Apache-2.0

/// Which of the messages that come again and again are worth a line: each at first, then ever more rarely, once an hour in
/// the end.
struct Repetition {
    private static let firstGap = Duration.seconds(60)
    private static let longestGap = Duration.seconds(3600)
    /// Of so many messages it is known that they have been said; more begin anew.
    private static let room = 1000

    private struct Said {
        var next: ContinuousClock.Instant
        var gap: Duration
    }

    private var said: [String: Said] = [:]

    /// Whether a message is to be said now.
    mutating func isDue(_ text: String, _ now: ContinuousClock.Instant = .now) -> Bool {
        guard let last = said[text] else {
            if said.count >= Self.room { said = [:] }
            said[text] = Said(next: now + Self.firstGap, gap: Self.firstGap)
            return true
        }
        guard now >= last.next else { return false }
        let gap = min(last.gap * 2, Self.longestGap)
        said[text] = Said(next: now + gap, gap: gap)
        return true
    }

    /// When all that has been said is to be said again; nil where nothing has been.
    var nextDue: ContinuousClock.Instant? { said.values.lazy.map(\.next).max() }

    /// All is well again: what comes next is news.
    mutating func end() { said = [:] }
}
