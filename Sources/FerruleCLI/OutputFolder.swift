// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// A directory that a user wants files in.
struct OutputFolder {
    let path: String

    /// Makes it, and those that it is in, where they are not there.
    ///
    /// - Parameter permissions: of what is made; nil for the usual ones.
    func make(permissions: Int? = nil, _ console: Console) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: permissions.map { [.posixPermissions: $0] })
        } catch {
            let problem = WriteProblem(error)
            console.failure(
                file: path, "this directory cannot be made\(problem.reason)",
                hint: problem.isOfMoment ? nil : "a directory is wanted, in a place where it can be made")
            throw problem.exitCode
        }
    }
}
