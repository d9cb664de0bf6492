// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A program that is run to its end and measured from outside.
struct ChildProcess {
    let seconds: Double
    /// The most memory that it held at once.
    let peakBytes: Int

    /// Runs a program; throws unless it exits with 0.
    ///
    /// - Parameter output: the file that its standard output goes to.
    static func run(_ program: String, _ arguments: [String], output: String = "/dev/null") throws -> ChildProcess {
        let clock = ContinuousClock()
        let start = clock.now
        let process = try spawn(program, arguments, output)
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(process, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchError("wait4: errno \(errno)") }
        }
        let elapsed = clock.now - start
        guard status == 0 else {
            throw BenchError("\(([program] + arguments).joined(separator: " ")) ended with status \(status)")
        }
        return ChildProcess(seconds: elapsed / .seconds(1), peakBytes: usage.ru_maxrss * 1024)
    }

    private static func spawn(_ program: String, _ arguments: [String], _ output: String) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let argumentPointers = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        let environmentPointers = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (argumentPointers + environmentPointers).forEach { unsafe free($0) } }

        var process: pid_t = 0
        let error = unsafe posix_spawnp(&process, program, &actions, nil, argumentPointers, environmentPointers)
        guard error == 0 else { throw BenchError("\(program) cannot be run: errno \(error)") }
        return process
    }
}
