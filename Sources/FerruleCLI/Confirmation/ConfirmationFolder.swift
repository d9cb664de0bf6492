// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// `/run/ferrule/INODE`, of the network namespace with that inode number: it exists while an apply there waits for its
/// confirmation.
///
/// The file `lock` in it is locked exclusively (`flock`) by the watchdog for as long as it lives, so what a dead one
/// left counts for nothing and is swept. The lock file is removed under its own lock; whoever locks it looks whether it
/// is still there.
struct ConfirmationFolder {
    private static let root = "/run/ferrule"

    let path: String

    init(path: String) { self.path = path }

    /// The folder of the network namespace that the thread is in.
    static func ofThisNamespace() throws(ConfirmationError) -> ConfirmationFolder {
        var status = stat()
        guard unsafe stat(NamespaceLock.path, &status) == 0 else { throw .namespace(errno) }
        return ConfirmationFolder(path: "\(root)/\(status.st_ino)")
    }

    /// How long an apply still waits for its confirmation; nil if none does.
    var secondsToConfirm: Int? { ConfirmationSocket.ask(.remaining, at: socketPath).flatMap { Int($0) } }

    var socketPath: String { "\(path)/socket" }
    private var lockPath: String { "\(path)/lock" }

    /// Makes the folder, and locks it for an apply that is to be confirmed. Waits a moment for an apply that is at
    /// work.
    func lockForConfirmation() throws(ConfirmationError) -> OpenFile {
        sweepOthers()
        for _ in 0..<50 {
            try makeFolders()
            let descriptor = unsafe open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            // Somebody swept the folder meanwhile.
            if descriptor < 0, errno == ENOENT { continue }
            let file = try OpenFile(descriptor)
            if flock(file.number, LOCK_EX | LOCK_NB) == 0 {
                guard isInPlace(file) else { continue }
                unsafe unlink(socketPath)
                return file
            }
            if Self.isReachable(socketPath) { throw .isPending }
            usleep(40_000)
        }
        throw .isBusy
    }

    /// Lets no confirmation begin while an ordinary apply works; nil where there is nothing to lock, which is the usual
    /// case.
    func lockForApply() throws(ConfirmationError) -> OpenFile? {
        for _ in 0..<50 {
            let descriptor = unsafe open(lockPath, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { return nil }
            let file = try OpenFile(descriptor)
            guard flock(file.number, LOCK_SH | LOCK_NB) == 0 else { throw .isPending }
            if isInPlace(file) { return file }
        }
        throw .isBusy
    }

    /// Removes the folder, while the lock on it is held.
    func remove(holding lock: borrowing OpenFile) { remove() }

    /// Removes the folder; for who holds its lock exclusively.
    func remove() {
        unsafe unlink(socketPath)
        unsafe unlink(lockPath)
        unsafe rmdir(path)
        // Succeeds for the last one.
        unsafe rmdir(Self.root)
    }

    /// An unnamed file that only descriptors lead to, in memory as the rest of `/run`.
    func unnamedFile() throws(ConfirmationError) -> OpenFile {
        let name = "\(path)/previous"
        unsafe unlink(name)
        let file = try OpenFile(unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600))
        unsafe unlink(name)
        return file
    }

    private func makeFolders() throws(ConfirmationError) {
        for folder in [Self.root, path] {
            guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                if errno == ENOENT { continue }
                throw .system(errno)
            }
            var status = stat()
            guard unsafe lstat(folder, &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            // Others must not be able to put a socket or lock of theirs there.
            guard isFolder, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
                throw .system(EPERM)
            }
        }
    }

    private func isInPlace(_ lock: borrowing OpenFile) -> Bool {
        var (mine, there) = (stat(), stat())
        return unsafe fstat(lock.number, &mine) == 0 && stat(lockPath, &there) == 0 && mine.st_ino == there.st_ino
            && mine.st_dev == there.st_dev
    }

    private static func isReachable(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Removes what dead watchdogs of other namespaces left.
    private func sweepOthers() {
        guard let listing = unsafe opendir(Self.root) else { return }
        defer { unsafe closedir(listing) }
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let other = ConfirmationFolder(path: "\(Self.root)/\(name)")
            guard UInt64(name) != nil, other.path != path else { continue }
            guard let lock = try? OpenFile(unsafe open(other.lockPath, O_RDWR | O_CLOEXEC | O_NOFOLLOW)) else {
                unsafe rmdir(other.path)
                continue
            }
            if flock(lock.number, LOCK_EX | LOCK_NB) == 0, other.isInPlace(lock) { other.remove() }
        }
    }
}
