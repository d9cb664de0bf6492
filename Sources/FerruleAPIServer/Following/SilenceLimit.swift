// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Gives up what says nothing for too long.
final class SilenceLimit: Sendable {
    private struct State {
        var limit: Duration
        var deadline: ContinuousClock.Instant
        /// Whether nobody waits for the other side at present.
        var isPaused = false
    }

    private let state: Mutex<State>

    private init(_ limit: Duration) { state = Mutex(State(limit: limit, deadline: .now + limit)) }

    /// The other side has said something.
    func touch() { state.withLock { $0.deadline = .now + $0.limit } }

    /// Another limit holds from now on.
    func change(to limit: Duration) { state.withLock { ($0.limit, $0.deadline) = (limit, .now + limit) } }

    /// Does something that the other side has no part in; its time begins anew after that.
    func pausing<Result, Failure: Error>(
        _ work: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        state.withLock { $0.isPaused = true }
        defer { state.withLock { ($0.isPaused, $0.deadline) = (false, .now + $0.limit) } }
        return try await work()
    }

    /// Returns the limit when nothing was said for so long; throws if it is cancelled.
    private func expire() async throws -> Duration {
        while true {
            let (limit, deadline) = state.withLock { ($0.limit, $0.isPaused ? .now + $0.limit : $0.deadline) }
            if deadline <= .now { return limit }
            try await Task.sleep(until: deadline, clock: .continuous)
        }
    }

    private enum Ending<Result: Sendable>: Sendable {
        case done(Result)
        /// For which time nothing was said; nil where the work was over before.
        case silent(Duration?)
    }

    /// Does some work, which is cancelled when it does not touch the limit for the time.
    ///
    /// - Returns: the result of the work, and the limit for which it was cancelled, if it was.
    static func guarding<Result: Sendable>(
        _ limit: Duration, _ work: @Sendable @escaping (SilenceLimit) async -> Result
    ) async -> (result: Result, silentFor: Duration?)? {
        let silence = SilenceLimit(limit)
        return await withTaskGroup(of: Ending<Result>.self) { group in
            group.addTask { .done(await work(silence)) }
            group.addTask { .silent(try? await silence.expire()) }
            var silentFor: Duration?
            while let ending = await group.next() {
                group.cancelAll()
                switch ending {
                case .done(let result): return (result, silentFor)
                case .silent(let limit) where !Task.isCancelled: silentFor = limit
                case .silent: break
                }
            }
            return nil
        }
    }
}
