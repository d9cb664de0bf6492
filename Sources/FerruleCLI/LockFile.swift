// SPDX-License-Identifier: Apache-2.0

internal import FerruleManifests
internal import FerruleResolution
internal import FoundationEssentials
internal import SystemPackage

/// The file of `--lock`: JSON with sorted keys, so that a version control system shows what changed.
struct LockFile {
    let path: String

    /// - Parameter mayBeMissing: a missing file counts as an empty one.
    func read(mayBeMissing: Bool, _ console: Console) throws -> AllocationLock {
        if mayBeMissing, !FileManager.default.fileExists(atPath: path) { return AllocationLock() }
        let data: Data
        do {
            data = try FileContent.contents(of: path)
        } catch Errno.noSuchFileOrDirectory {
            console.failure(file: path, "there is no such lock file", hint: "--write-lock makes it")
            throw Failure.unreadableInput
        } catch {
            console.failure(file: path, "the lock file cannot be read: \(ManifestError.reason(of: error))")
            throw Failure.unreadableInput
        }
        guard let lock = try? JSONDecoder().decode(AllocationLock.self, from: data), lock.version == 1 else {
            console.failure(
                file: path, "this is not a lock file of version 1, with the members version, clusterIPs and nodePorts")
            throw Failure.invalidInput
        }
        let problems = lock.problems(file: path)
        guard problems.isEmpty else {
            console.print(problems)
            throw Failure.invalidInput
        }
        return lock
    }

    func write(_ lock: AllocationLock, _ console: Console) throws {
        try OutputFile(path: path).write([UInt8]((JSONText.encode(lock) + "\n").utf8), console)
    }
}
