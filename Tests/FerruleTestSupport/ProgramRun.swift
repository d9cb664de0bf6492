// SPDX-License-Identifier: Apache-2.0

package import Foundation
internal import Subprocess
internal import SystemPackage

/// What a program printed and how it ended.
package struct ProgramRun: Sendable, Equatable {
    /// The exit status, or 128 plus the number of the signal that ended the program.
    package let status: Int
    package let standardOutput: String
    package let standardError: String

    package init(status: Int, standardOutput: String, standardError: String) {
        (self.status, self.standardOutput, self.standardError) = (status, standardOutput, standardError)
    }

    /// Runs the installed `ferrule`.
    ///
    /// - Parameters:
    ///   - folder: the working directory; the project's root where none is given.
    ///   - input: what stands on standard input.
    ///   - environment: variables to set, or with nil to remove.
    package static func ferrule(
        _ arguments: [String], in folder: URL = Project.root, input: String = "", environment: [String: String?] = [:]
    ) async throws -> ProgramRun {
        try await run(
            .path(FilePath(Project.installed.appending(path: "ferrule").path)), arguments, folder, input, environment)
    }

    /// Runs a shell command with the installed `ferrule` in its `PATH`.
    ///
    /// - Parameter environment: as for ``ferrule(_:in:input:environment:)``.
    package static func shell(
        _ command: String, in folder: URL = Project.root, environment: [String: String?] = [:]
    ) async throws -> ProgramRun {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let variables = ["PATH": "\(Project.installed.path):\(path)"].merging(environment) { $1 }
        return try await run(.path("/bin/sh"), ["-c", command], folder, "", variables)
    }

    private static func run(
        _ executable: Executable, _ arguments: [String], _ folder: URL, _ input: String,
        _ environment: [String: String?]
    ) async throws -> ProgramRun {
        // A user's or a machine's preference for colours must not decide on what tests see.
        var variables: [Environment.Key: String?] = ["NO_COLOR": nil, "LC_ALL": "C.UTF-8"]
        for (name, value) in environment {
            if let key = Environment.Key(rawValue: name) { variables.updateValue(value, forKey: key) }
        }
        let limit = 64 << 20
        await turns.take()
        // Given back whatever becomes of it.
        defer { Task { await turns.giveBack() } }
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .inherit.updating(variables),
            workingDirectory: FilePath(folder.path), input: .string(input), output: .string(limit: limit),
            error: .string(limit: limit))
        let status =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return ProgramRun(
            status: status, standardOutput: result.standardOutput, standardError: result.standardError)
    }
}

private let turns = Turns()

/// Lets some programs run at once and the others wait: tests begin all together, and each program has six pipes.
private actor Turns {
    private var free = 32
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
