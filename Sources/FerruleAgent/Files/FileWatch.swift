// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Sees that something happens below some paths (inotify(7)), once.
///
/// Directories are watched, not files: editors and ConfigMaps put a new file or link in the place of the old one. What is
/// written is seen when it is closed.
struct FileWatch: ~Copyable {
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)
    /// How long to wait where nothing can be watched, as beyond `fs.inotify.max_user_watches`.
    private static let interval: UInt32 = 5

    /// -1 where the kernel gives none.
    private let descriptor: Int32
    private var isWatching = false

    /// Watches from here on: the directories below each path, and those of the links and files on the way to it.
    init(_ paths: [String]) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        var directories: Set<String> = []
        for path in paths { FileWatch.add(path, to: &directories) }
        for directory in directories.sorted() where descriptor >= 0 {
            if unsafe inotify_add_watch(descriptor, directory, FileWatch.events) >= 0 { isWatching = true }
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Returns when something has happened, perhaps something that does not matter.
    func wait() {
        guard isWatching else {
            sleep(Self.interval)
            return
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
        if count < 0, errno != EINTR { sleep(Self.interval) }
    }

    private static func add(_ path: String, to directories: inout Set<String>) {
        let manager = FileManager.default
        var (path, hops) = (path, 0)
        // Each link's own directory, since the link may be put in its place anew; then what it leads to.
        while hops < 40, let target = try? manager.destinationOfSymbolicLink(atPath: path) {
            let parent = parent(of: path)
            directories.insert(parent)
            path = target.hasPrefix("/") ? target : parent + "/" + target
            hops += 1
        }
        var isDirectory = false
        if manager.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory {
            directories.insert(path)
            for name in (try? manager.subpathsOfDirectory(atPath: path)) ?? [] {
                let below = path + "/" + name
                var isDirectory = false
                if manager.fileExists(atPath: below, isDirectory: &isDirectory), isDirectory {
                    directories.insert(below)
                }
            }
            return
        }
        // Of what is not there, the nearest directory that is.
        var parent = parent(of: path)
        while !manager.fileExists(atPath: parent), parent != "/", parent != "." { parent = self.parent(of: parent) }
        directories.insert(parent)
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
