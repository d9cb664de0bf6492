// SPDX-License-Identifier: Apache-2.0

internal import FerruleParallel
internal import FerruleRuleset

/// What tables are read by.
struct TableReading {
    let sessions: SessionPool
    /// Whether commits to other tables are told from those that matter. Else each is the end of this attempt.
    let isWatched: Bool
}

extension Kernel {
    /// How often reading begins anew where tables that are asked for change all the time.
    private static let attempts = 20

    /// Reads what stood in some tables at one moment.
    ///
    /// At first nobody may commit anything meanwhile: the number of the ruleset says so, and asking for it costs nothing. On a
    /// busy node somebody does, perhaps a hundred times a second. Then a second socket hears of every commit, and reading
    /// begins anew only where one of them touched the tables.
    ///
    /// - Parameter read: is called on the thread that calls this.
    /// - Returns: what was read, and the number of the ruleset of which it is true.
    func consistently<Result>(
        of tables: [TableName], _ read: (TableReading) throws(NetlinkError) -> Result
    ) throws(NetlinkError) -> (result: Result, generation: UInt32) {
        var events: RulesetEvents?
        for attempt in 0..<Kernel.attempts {
            let sessions = try SessionPool(count: processorCount, connect)
            let before = try generation(sessions)
            do throws(NetlinkError) {
                let result = try read(TableReading(sessions: sessions, isWatched: attempt > 0))
                let after = try generation(sessions)
                if after == before { return (result, after) }
                if let isUntouched = try events?.areUntouched(through: after), isUntouched { return (result, after) }
            } catch .systemCall(_, let error) where error.meansChangedUnderway {
                // What was listed is gone.
            }
            events = try RulesetEvents(of: tables, connect)
        }
        throw .changedUnderway
    }

    /// The number of the ruleset, which every commit to any table raises; never 0.
    package func generation() throws(NetlinkError) -> UInt32 {
        try generation(SessionPool(count: 1, connect))
    }

    private func generation(_ sessions: SessionPool) throws(NetlinkError) -> UInt32 {
        let answer = try sessions.withSession { session throws(NetlinkError) in
            try session.get(TableRequest.generation)
        }
        guard let number = RulesetGeneration(answer)?.number else {
            throw .repliesLost("the kernel did not tell the number of its ruleset")
        }
        return number
    }
}
