// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Gives up what says nothing for too long.
final class SilenceLimit: Sendable {
    private let state: Mutex<(limit: Duration, deadline: ContinuousClock.Instant)>

    private init(_ limit: Duration) { state = Mutex((limit, .now + limit)) }

    /// The other side has said something.
    func touch() { state.withLock { $0.deadline = .now + $0.limit } }

    /// Another limit holds from now on.
    func change(to limit: Duration) { state.withLock { $0 = (limit, .now + limit) } }

    /// Returns when nothing was said for the time; throws if it is cancelled.
    private func expire() async throws {
        while true {
            let deadline = state.withLock { $0.deadline }
            if deadline <= .now { return }
            try await Task.sleep(until: deadline, clock: .continuous)
        }
    }

    /// Does some work, which is cancelled when it does not touch the limit for the time.
    ///
    /// - Returns: the result of the work, and whether it was cancelled.
    static func guarding<Result: Sendable>(
        _ limit: Duration, _ work: @Sendable @escaping (SilenceLimit) async -> Result
    ) async -> (result: Result, wasSilent: Bool)? {
        let silence = SilenceLimit(limit)
        return await withTaskGroup(of: Result?.self) { group in
            group.addTask { await work(silence) }
            group.addTask {
                try? await silence.expire()
                return nil
            }
            var wasSilent = false
            while let finished = await group.next() {
                if let result = finished {
                    group.cancelAll()
                    return (result, wasSilent)
                }
                if !Task.isCancelled { wasSilent = true }
                group.cancelAll()
            }
            return nil
        }
    }
}
