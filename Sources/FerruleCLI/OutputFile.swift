// SPDX-License-Identifier: Apache-2.0

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
            let problem = WriteProblem(error)
            console.failure(
                file: path, "this file cannot be written\(problem.reason)",
                hint: problem.isOfMoment ? nil : "the directory must exist and be writable")
            throw problem.exitCode
        }
    }

    /// Whether nothing or an ordinary file stands at the path.
    private var isReplaceable: Bool {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return true }
        return attributes[.type] as? FileAttributeType == .typeRegular
    }
}
