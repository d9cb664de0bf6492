// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
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

    /// Between two looks whether the program is to be ended, in milliseconds.
    private static let pause = 100

    /// Runs a program, and waits for its end. Throws ``IPTablesError/interrupted`` if it was ended, or not begun, for a signal
    /// that ``Interruption`` holds.
    ///
    /// Commands are synchronous, and so is this: it is not for tasks.
    static func run(_ path: String, _ arguments: [String], input: String = "") throws(IPTablesError) -> ProgramCall {
        guard !Interruption.isRequested else { throw .interrupted }
        // A program that ends before it has read its input says why; writing to it must not end this one.
        let usual = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, usual) }
        let ending = Ending()
        let task = Task.detached {
            do {
                ending.signal(.success(try await ProgramCall(path, arguments, input)))
            } catch {
                ending.signal(.failure(.cannotRun(path, "\(error)")))
            }
        }
        while !ending.isThere(within: pause) {
            // Left alone, it would still commit when it comes to its turn.
            if Interruption.isRequested { task.cancel() }
        }
        let result = ending.result
        if Interruption.isRequested, (try? result.get().hasSucceeded) != true { throw .interrupted }
        return try result.get()
    }

    private init(_ path: String, _ arguments: [String], _ input: String) async throws {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), platformOptions: options, input: .inputWriter,
            output: .string(limit: Self.outputLimit), error: .string(limit: 1 << 16)
        ) { execution in
            let bytes = Array(input.utf8)
            return (try? await execution.standardInputWriter.write(bytes)) == bytes.count
        }
        output = result.standardOutput
        hasSucceeded = result.terminationStatus.isSuccess && result.closureResult
        complaint =
            switch result.terminationStatus {
            case _ where !result.standardError.isEmpty: result.standardError
            case .exited(0): "it ended before it had read all of its input"
            case .exited(let code): "it ended with status \(code)"
            case .signaled(let number): "signal \(number) ended it"
            }
    }

    /// Where a task leaves what a thread waits for.
    private final class Ending: Sendable {
        private let outcome = Mutex<Result<ProgramCall, IPTablesError>?>(nil)
        private let isThere = DispatchSemaphore(value: 0)

        func signal(_ result: Result<ProgramCall, IPTablesError>) {
            outcome.withLock { $0 = result }
            isThere.signal()
        }

        /// Waits for it for so many milliseconds.
        func isThere(within milliseconds: Int) -> Bool {
            isThere.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
        }

        var result: Result<ProgramCall, IPTablesError> {
            outcome.withLock { $0 } ?? .failure(.cannotRun("", "it left no result"))
        }
    }
}
