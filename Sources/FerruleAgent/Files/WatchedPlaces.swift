// SPDX-License-Identifier: Apache-2.0

internal import FerruleManifests
internal import FoundationEssentials

/// The folders in which something may happen by which what is read at some paths becomes another: those of the files, all below the
/// folders, and those of every folder and link on the way to either.
struct WatchedPlaces {
    /// What matters in a folder.
    struct Interest {
        /// Whether it is one of those that are read as a whole: then whatever may hold definitions matters.
        var isRead = false
        /// What stands on a way, and what is missing there.
        var names: Set<String> = []

        mutating func add(_ other: Interest) {
            isRead = isRead || other.isRead
            names.formUnion(other.names)
        }

        /// Whether it matters what has happened to something in the folder.
        func holds(_ name: String, isFolder: Bool) -> Bool {
            names.contains(name)
                || isRead && !ManifestFiles.isHidden(name) && (isFolder || ManifestFiles.isManifest(name))
        }
    }

    /// By their paths.
    private(set) var folders: [String: Interest] = [:]

    /// As the kernel has it (path_resolution(7)): a way of more links leads nowhere.
    private static let linkLimit = 40

    init(_ paths: [String]) {
        for path in paths { add(path, from: path.hasPrefix("/") ? "/" : ".") }
    }

    private mutating func add(_ path: String, from folder: String) {
        guard let end = follow(path, from: folder) else { return }
        if Self.isFolder(end) { addFolder(end) }
    }

    private mutating func addFolder(_ folder: String) {
        folders[folder, default: Interest()].isRead = true
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where !ManifestFiles.isHidden(name) {
            let path = Self.path(name, in: folder)
            if Self.target(of: path) != nil {
                // A link to a folder is not followed, whatever its name.
                if ManifestFiles.isManifest(name) { _ = follow(name, from: folder) }
            } else if Self.isFolder(path) {
                addFolder(path)
            }
        }
    }

    /// Notes what stands on the way along a path, up to what is not there, by the name that it has, or would have, in its folder: when
    /// a folder is moved or another is put in its place, those below it do not hear of that.
    ///
    /// - Parameter folder: where the way begins; its own path has no link.
    /// - Returns: where the path leads, by a path without links; nil where nothing is.
    private mutating func follow(_ path: String, from folder: String) -> String? {
        var steps = Array(path.split(separator: "/").reversed())
        var (place, links) = (folder, 0)
        while let step = steps.popLast() {
            let next = Self.path(String(step), in: place)
            note(String(step), in: place)
            if let target = Self.target(of: next) {
                links += 1
                guard links <= Self.linkLimit else { return nil }
                steps += target.split(separator: "/").reversed()
                if target.hasPrefix("/") { place = "/" }
            } else if FileManager.default.fileExists(atPath: next) {
                place = next
            } else {
                return nil
            }
        }
        return place
    }

    private mutating func note(_ name: String, in folder: String) {
        folders[folder, default: Interest()].names.insert(name)
    }

    private static func path(_ name: String, in folder: String) -> String {
        folder == "/" ? "/" + name : folder + "/" + name
    }

    private static func target(of path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
