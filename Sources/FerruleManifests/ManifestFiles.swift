// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FoundationEssentials
import SystemPackage

/// Finds the files that a directory stands for.
package struct ManifestFiles {
    private static let extensions = ["yaml", "yml", "json"]

    /// What to leave out of directories.
    let excluded: [FilePattern]
    /// Whether a directory without manifests is one that holds none, not one that cannot be read.
    let mayBeEmpty: Bool

    /// Every manifest below a directory in sorted order; nil if the path is of something else. Hidden entries are left out,
    /// since mounted ConfigMaps keep copies in them, and so are links to directories, which may form circles, and what is no
    /// ordinary file: a pipe that nobody writes into would be waited for. A link that leads to nothing cannot be read.
    func below(_ path: String) throws(ManifestError) -> [String]? {
        guard let kind = FileKind(of: path) else { throw .unreadable(path, Self.absence(of: path)) }
        guard kind == .directory else { return nil }
        var root = path[...]
        while root.count > 1, root.last == "/" { root.removeLast() }
        var found = Found()
        try gather(&found, in: String(root), below: "")
        guard found.unreadable.isEmpty else { throw .unreadable(found.unreadable) }
        if found.files.isEmpty, !mayBeEmpty {
            let rest = excluded.isEmpty ? "" : " that is not excluded"
            throw .unreadable(path, "there is no .yaml, .yml or .json file in this directory\(rest)")
        }
        return found.files
    }

    /// What stands in a directory.
    private struct Found {
        var files: [String] = []
        /// Links with the name of a manifest that lead to nothing, and names that are not UTF-8: what was meant would count as
        /// not there.
        var unreadable: [Diagnostic] = []
    }

    /// - Parameter below: the path of the directory below the one that a user has named, with a slash behind it.
    private func gather(_ found: inout Found, in directory: String, below: String) throws(ManifestError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw .unreadable(directory, "this directory cannot be read: \(ManifestError.reason(of: error))")
        }
        for name in names.sorted() where !Self.isHidden(name) {
            guard !excluded.contains(where: { $0.matches(below + name) }) else { continue }
            let path = directory == "/" ? "/" + name : directory + "/" + name
            switch FileKind(of: path) {
            case .directory? where !FileKind.isLink(path): try gather(&found, in: path, below: below + name + "/")
            case .file? where Self.isManifest(name): found.files.append(path)
            case nil where Self.isManifest(name) || Self.isReplaced(name) && !FileKind.isLink(path):
                found.unreadable.append(Diagnostic(.error, Self.absence(of: path), origin: Origin(file: path)))
            default: break
            }
        }
    }

    /// Whether a name may be one that is not UTF-8: what is none in it has been replaced. Nothing can be found by it then.
    private static func isReplaced(_ name: String) -> Bool { name.unicodeScalars.contains("\u{FFFD}") }

    /// Why nothing is found at a path.
    private static func absence(of path: String) -> String {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        do {
            _ = try Stat(FilePath(path))
        } catch  where target != nil || error == .permissionDenied {
            let subject = target.map { "this is a link to \(quoted($0)), which" } ?? "this file"
            return "\(subject) cannot be read: \(ManifestError.reason(of: error))"
        } catch {}
        if isReplaced(path) { return "this name is not UTF-8, and nothing is found by it; rename it, or leave it out" }
        return "there is no such file or directory"
    }

    /// Whether an entry of a directory is left out, whatever it is.
    package static func isHidden(_ name: String) -> Bool { name.hasPrefix(".") }

    /// Whether a file of a directory is one that is read.
    package static func isManifest(_ name: String) -> Bool {
        name.lastIndex(of: ".").map { extensions.contains(name[$0...].dropFirst().lowercased()) } ?? false
    }
}

/// What stands at a path; links are followed.
enum FileKind {
    case file
    case directory
    /// A pipe, a device or a socket.
    case other

    /// nil where nothing is, or nothing that can be looked at.
    init?(of path: String) {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return nil }
        self = isDirectory ? .directory : PartialText.isRegularFile(path) ? .file : .other
    }

    static func isLink(_ path: String) -> Bool {
        let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        return type == .typeSymbolicLink
    }
}
