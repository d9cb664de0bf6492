// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import Glibc

/// What a program printed and how it ended.
package struct CommandResult: Sendable, Equatable {
    /// The exit status, or 128 plus the signal that ended the program.
    package let status: Int32
    package let standardOutput: String
    package let standardError: String

    package var succeeded: Bool { status == 0 }
}

/// Runs a program found in `PATH`, in the network namespace of the calling thread, and waits for its end.
///
/// Standard input, output and error are files in memory, so that no amount of either can block.
func runCommand(_ arguments: [String], input: String) throws(LabError) -> CommandResult {
    let files = [try FileDescriptor.inMemory(), try FileDescriptor.inMemory(), try FileDescriptor.inMemory()]
    try files[0].write(Array(input.utf8))
    try files[0].rewind()

    return try RunningCommand(process: spawn(arguments, files: files), files: files).result()
}

/// A program that was started in a namespace and may still run. Its ``result()`` has to be asked for.
package struct RunningCommand: Sendable {
    /// Its process id.
    package let process: Int32
    /// Standard input, output and error.
    fileprivate let files: [FileDescriptor]

    /// Ends it at once (SIGKILL).
    package func kill() { _ = Glibc.kill(process, SIGKILL) }

    /// Asks it to read its configuration again (SIGHUP).
    package func hangUp() { _ = Glibc.kill(process, SIGHUP) }

    /// Whether it has not ended yet.
    package var isRunning: Bool { ownMemory != nil }

    /// The memory that it holds, in bytes, without that of files (`RssAnon` of proc_pid_status(5)); nil where it has ended.
    package var ownMemory: Int? {
        status("RssAnon").flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// The signals that it has functions for (`SigCgt` of proc_pid_status(5)); nil where it has ended.
    package var caughtSignals: Set<Int32>? {
        let mask = status("SigCgt").flatMap { UInt64($0, radix: 16) }
        return mask.map { mask in Set((1...64).filter { mask >> UInt64($0 - 1) & 1 == 1 }) }
    }

    /// The first word behind a name in `/proc/PID/status`; nil where it has ended.
    private func status(_ name: String) -> Substring? {
        let path = "/proc/\(process)/status"
        guard let file = try? FileDescriptor(path: path, flags: O_RDONLY), let bytes = try? file.readToEnd() else {
            return nil
        }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    }

    /// What it has printed to standard error until now; nil where it has ended.
    package var standardErrorSoFar: String? {
        // Another open file with a place of its own: that of the program's decides where it writes next.
        guard let file = try? FileDescriptor(path: "/proc/\(process)/fd/2", flags: O_RDONLY) else { return nil }
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Asks it to end (SIGTERM).
    package func terminate() { _ = Glibc.kill(process, SIGTERM) }

    /// Waits for its end.
    package func result() throws(LabError) -> CommandResult {
        var status: Int32 = 0
        try check("waitpid") { unsafe waitpid(process, &status, 0) }
        for file in files { try file.rewind() }
        let signal = status & 0x7f
        return CommandResult(
            status: signal == 0 ? status >> 8 & 0xff : 128 + signal,
            standardOutput: String(decoding: try files[1].readToEnd(), as: UTF8.self),
            standardError: String(decoding: try files[2].readToEnd(), as: UTF8.self))
    }
}

extension Namespace {
    /// Starts a program here without waiting for its end.
    package func start(_ arguments: [String]) throws(LabError) -> RunningCommand {
        try perform { () throws(LabError) in
            let files = [try FileDescriptor.inMemory(), try FileDescriptor.inMemory(), try FileDescriptor.inMemory()]
            return RunningCommand(process: try spawn(arguments, files: files), files: files)
        }
    }
}

/// Starts a program whose descriptors 0, 1 and 2 are the given files.
private func spawn(_ arguments: [String], files: [FileDescriptor]) throws(LabError) -> pid_t {
    guard let program = arguments.first else { throw LabError("there is no program to run") }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
        unsafe posix_spawn_file_actions_adddup2(&actions, file.number, Int32(number))
    }
    // Servers of other tests listen on sockets that would be inherited, and their ports taken for as long as the program runs.
    unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
    // Threads of tests block signals that scripts send to the programs they start.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var vector = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe vector.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, program, &actions, &attributes, &vector, network_lab_environment())
    guard code == 0 else { throw LabError("start \(program)", errno: code) }
    return process
}
