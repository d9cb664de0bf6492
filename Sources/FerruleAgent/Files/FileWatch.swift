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

    /// -1 where the kernel gives none.
    private let descriptor: Int32
    /// How many milliseconds to wait at most; -1 for no limit.
    private let limit: Int32

    /// Watches from here on: the directories below each path, and those of the links and files on the way to it.
    init(_ paths: [String]) {
        var directories: Set<String> = []
        for path in paths { FileWatch.add(path, to: &directories) }
        self.init(directories)
    }

    /// Watches directories.
    ///
    /// - Parameter interval: how many milliseconds to wait at most where one of them cannot be watched, as beyond
    ///   `fs.inotify.max_user_watches`.
    init(_ directories: Set<String>, interval: Int32 = 5000) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC))
        let unwatched = directories.filter { unsafe inotify_add_watch(descriptor, $0, FileWatch.events) < 0 }
        (self.descriptor, limit) = (descriptor, unwatched.isEmpty ? -1 : interval)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Returns when something has happened, perhaps something that does not matter.
    func wait() {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wanted, 1, limit)
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
