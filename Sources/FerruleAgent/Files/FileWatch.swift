// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import Glibc

/// Sees that something happens to files and folders that are read (inotify(7)), once.
///
/// Folders are watched, not files: editors and ConfigMaps put a new file or link in the place of the old one. What is written is
/// seen when it is closed.
struct FileWatch: ~Copyable {
    /// IN_ATTRIB: a file may have become one that can be read.
    private static let events = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB
    )

    /// -1 where the kernel gives none.
    private let descriptor: Int32
    /// What matters in which folder, by the numbers that the kernel has given these.
    private let interests: [Int32: WatchedPlaces.Interest]
    /// How long to wait at most; nil for no limit.
    private let limit: Duration?

    /// Watches from here on, whatever the paths lead to and the folders and links on the way there.
    init(_ paths: [String]) { self.init(WatchedPlaces(paths)) }

    /// - Parameter interval: how long to wait at most where a folder cannot be watched, as beyond
    ///   `fs.inotify.max_user_watches`.
    init(_ places: WatchedPlaces, interval: Duration = .seconds(5)) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        var interests: [Int32: WatchedPlaces.Interest] = [:]
        var isWhole = true
        for (folder, interest) in places.folders {
            let number = unsafe inotify_add_watch(descriptor, folder, FileWatch.events)
            if number < 0 {
                isWhole = false
            } else {
                // Several paths may lead to one folder.
                interests[number, default: WatchedPlaces.Interest()].add(interest)
            }
        }
        (self.descriptor, self.interests, limit) = (descriptor, interests, isWhole ? nil : interval)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Returns when something has happened by which what is read may have become another, or may not.
    ///
    /// - Parameter time: when to return though nothing has; nil for never.
    func wait(until time: ContinuousClock.Instant? = nil) {
        let end = [limit.map { ContinuousClock.now + $0 }, time].compactMap(\.self).min()
        while true {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let rest = end.map(Self.milliseconds(until:)) ?? -1
            let count = unsafe poll(&wanted, 1, rest)
            if count == 0 || count > 0 && takeEvents() || rest == 0 { return }
        }
    }

    /// As poll(2) takes them, rounded up: who waits returns no sooner.
    private static func milliseconds(until end: ContinuousClock.Instant) -> Int32 {
        let rest = ContinuousClock.now.duration(to: end) / .milliseconds(1)
        return max(0, Int32(rest.rounded(.up)))
    }

    /// Whether one of the events that have come matters.
    private func takeEvents() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return false }
        var matters = false
        var start = 0
        // `struct inotify_event`: the folder's number, what has happened, a cookie, and the length of the name that follows.
        while start + 16 <= count {
            let fields = unsafe bytes.span.bytes.extracting(start..<start + 16)
            let number = unsafe fields.unsafeLoadUnaligned(as: Int32.self)
            let mask = unsafe fields.unsafeLoadUnaligned(fromByteOffset: 4, as: UInt32.self)
            let length = Int(unsafe fields.unsafeLoadUnaligned(fromByteOffset: 12, as: UInt32.self))
            let name = bytes[(start + 16)..<min(start + 16 + length, count)].prefix { $0 != 0 }
            let interest = interests[number]
            // Without a name it is about the folder itself, or more than the kernel could keep.
            matters =
                matters || name.isEmpty
                || interest?.holds(String(decoding: name, as: UTF8.self), isFolder: mask & UInt32(IN_ISDIR) != 0)
                    ?? true
            start += 16 + length
        }
        return matters
    }
}
