// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleDiagnostics
internal import FoundationEssentials
internal import SystemPackage

/// A file that a user wants written.
struct OutputFile {
    let path: String
    /// Whether only its owner may read it: then it takes the place of whatever stands there, which others may read.
    var isSecret = false

    /// Replaces a file as a whole, so that nobody reads half of it; its owner and permissions stay. What is no ordinary file,
    /// such as `/dev/stdout`, a pipe or a link, is written into: replacing it would destroy it.
    func write(_ bytes: [UInt8], _ console: Console) throws { try Self.write([(self, bytes)], console) }

    /// Writes several files, in their order. None is changed unless all of them can be written, as far as that shows before.
    static func write(_ contents: [(file: OutputFile, bytes: [UInt8])], _ console: Console) throws {
        var drafts: [FileDraft] = []
        defer { for draft in drafts { draft.close() } }
        for (file, bytes) in contents { drafts.append(try file.reporting(console) { try file.draft(bytes) }) }
        for (draft, content) in zip(drafts, contents) { try content.file.reporting(console) { try draft.place() } }
    }

    private func draft(_ bytes: [UInt8]) throws -> FileDraft {
        if isSecret { return try FileDraft(beside: path, bytes, permissions: .ownerReadWrite) }
        return isReplaceable
            ? try FileDraft(beside: path, bytes, permissions: nil) : try FileDraft(into: path, bytes)
    }

    /// Does something, and where it fails says that and why the file could not be written, and throws the exit code.
    private func reporting<Result>(_ console: Console, _ work: () throws -> Result) throws -> Result {
        do {
            return try work()
        } catch {
            let problem = WriteProblem(error)
            console.failure(file: path, "this file cannot be written\(problem.reason)", hint: hint(problem))
            throw problem.exitCode
        }
    }

    private func hint(_ problem: WriteProblem) -> String? {
        if problem.isDirectory { return "a file is wanted, and this is a directory" }
        if problem.isOfMoment || problem.isOfName { return nil }
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            return "it is a link to \(quoted(target)), which must be writable, or a place where a file can be made"
        }
        return "the directory must exist and be writable"
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
