// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SystemPackage

/// What is going to stand in a file, as far as it can be written before the file itself changes.
enum FileDraft {
    /// A file beside the target, which takes its place.
    case beside(draft: String, target: String)
    /// What cannot be replaced, open, and what is going to be written into it.
    case into(FileDescriptor, [UInt8])

    /// Writes a file beside the target.
    ///
    /// - Parameter permissions: of the file, whatever the umask; nil for those of the file at the target, which keeps its owner
    ///   too, or else for the usual ones.
    init(beside target: String, _ bytes: [UInt8], permissions: FilePermissions?) throws {
        // Of a name that no other file has. Nobody but this process knows it before it is renamed.
        let name = ".ferrule.\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let draft = FilePath(target).removingLastComponent().appending(name).string
        let standing = permissions == nil ? FileStatus(target) : nil
        // Never there for others to read, not even for a moment.
        let isGuarded = permissions != nil || standing != nil
        let file = try FileDescriptor.open(
            FilePath(draft), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: isGuarded ? .ownerReadWrite : Self.usual)
        do {
            try file.closeAfter {
                try file.writeAll(bytes)
                if let standing { try standing.put(on: file) }
                if let permissions { try Self.check(fchmod(file.rawValue, permissions.rawValue)) }
                try Self.check(fsync(file.rawValue))
            }
        } catch {
            unsafe unlink(draft)
            throw error
        }
        self = .beside(draft: draft, target: target)
    }

    /// Opens what stands at the target. A link that leads to nothing leads to a new file then.
    init(into target: String, _ bytes: [UInt8]) throws {
        let file = try FileDescriptor.open(
            FilePath(target), .writeOnly, options: [.create, .closeOnExec], permissions: Self.usual)
        self = .into(file, bytes)
    }

    /// Puts the draft in its place, or writes into what stands there.
    func place() throws {
        switch self {
        case .beside(let draft, let target): try unsafe Self.check(rename(draft, target))
        case .into(let file, let bytes):
            // Devices and pipes have no size.
            try? file.resize(to: 0)
            try file.writeAll(bytes)
        }
    }

    /// Leaves nothing behind of what was placed, or is not going to be.
    func close() {
        switch self {
        case .beside(let draft, _): unsafe unlink(draft)
        case .into(let file, _): try? file.close()
        }
    }

    /// Of new files, without what the umask forbids.
    private static let usual = FilePermissions(rawValue: 0o666)

    private static func check(_ result: Int32) throws {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Who may do what with a file.
    private struct FileStatus {
        private var status = stat()

        /// nil where no ordinary file stands there.
        init?(_ path: String) {
            guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        }

        /// The owner stays as far as the process may say so.
        func put(on file: FileDescriptor) throws {
            _ = fchown(file.rawValue, status.st_uid, status.st_gid)
            try check(fchmod(file.rawValue, status.st_mode & 0o7777))
        }
    }
}
