// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// What a program has printed, and how it ended.
struct ProgramCall: Sendable {
    let output: String
    let complaint: String
    let hasSucceeded: Bool

    /// The listing of a node with a million rules; more is refused.
    private static let outputLimit = 1 << 28

    /// Runs a program, and waits for its end.
    ///
    /// Commands are synchronous, and so is this: it is not for tasks.
    static func run(_ path: String, _ arguments: [String], input: String = "") throws(IPTablesError) -> ProgramCall {
        let ending = Ending()
        Task.detached {
            do {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: Arguments(arguments), input: .string(input),
                    output: .string(limit: outputLimit), error: .string(limit: 1 << 16))
                var hasSucceeded = false
                if case .exited(0) = result.terminationStatus { hasSucceeded = true }
                ending.signal(
                    .success(
                        ProgramCall(
                            output: result.standardOutput, complaint: result.standardError, hasSucceeded: hasSucceeded))
                )
            } catch {
                ending.signal(.failure(.cannotRun(path, "\(error)")))
            }
        }
        return try ending.wait()
    }

    /// Where a task leaves what a thread waits for.
    private final class Ending: Sendable {
        private let result = Mutex<Result<ProgramCall, IPTablesError>?>(nil)
        private let isThere = DispatchSemaphore(value: 0)

        func signal(_ outcome: Result<ProgramCall, IPTablesError>) {
            result.withLock { $0 = outcome }
            isThere.signal()
        }

        func wait() throws(IPTablesError) -> ProgramCall {
            isThere.wait()
            guard let outcome = result.withLock({ $0 }) else { throw .cannotRun("", "it left no result") }
            return try outcome.get()
        }
    }
}
