// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials
internal import SystemPackage

/// A file that a user wants written.
struct OutputFile {
    let path: String

    /// Replaces a file as a whole, so that nobody reads half of it. What is no ordinary file, such as `/dev/stdout`, a pipe
    /// or a link, is written into: replacing it would destroy it.
    func write(_ bytes: [UInt8], _ console: Console) throws {
        do {
            if isReplaceable {
                try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
            } else {
                let file = try FileDescriptor.open(FilePath(path), .writeOnly)
                try file.closeAfter {
                    try? file.resize(to: 0)
                    try file.writeAll(bytes)
                }
            }
        } catch {
            throw failure(error, console)
        }
    }

    /// Says that and why it could not be written; the exit code.
    ///
    /// - Parameter error: what Foundation or a system call has thrown.
    func failure(_ error: any Error, _ console: Console) -> ExitCode {
        let problem = WriteProblem(error)
        console.failure(
            file: path, "this file cannot be written\(problem.reason)",
            hint: problem.isDirectory
                ? "a file is wanted, and this is a directory"
                : problem.isOfMoment ? nil : "the directory must exist and be writable")
        return problem.exitCode
    }

    /// Whether nothing or an ordinary file stands at the path.
    private var isReplaceable: Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return true }
        return attributes[.type] as? FileAttributeType == .typeRegular
    }
}

/// The value of `-o`.
@Sendable func parseOutputPath(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("write a path, or - for standard output") }
    return text
}
