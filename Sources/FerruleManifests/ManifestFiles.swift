// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FoundationEssentials

/// Finds the files that a path argument means.
struct ManifestFiles {
    private static let extensions = ["yaml", "yml", "json"]

    /// The file itself, or every manifest below a directory in sorted order. Hidden entries are left out, since mounted
    /// ConfigMaps keep copies in them, and so are links to directories, which may form circles.
    static func files(of path: String) throws(ManifestError) -> [String] {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw unreadable(path, "there is no such file or directory")
        }
        guard isDirectory else { return [path] }
        var root = path[...]
        while root.count > 1, root.last == "/" { root.removeLast() }
        let files = try manifests(in: String(root))
        if files.isEmpty { throw unreadable(path, "there is no .yaml, .yml or .json file in this directory") }
        return files
    }

    private static func manifests(in directory: String) throws(ManifestError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw unreadable(directory, "this directory cannot be read: \(reason(of: error))")
        }
        var files: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = directory == "/" ? "/" + name : directory + "/" + name
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            if isDirectory {
                let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                if type != .typeSymbolicLink { files += try manifests(in: path) }
            } else if let dot = name.lastIndex(of: "."), extensions.contains(name[dot...].dropFirst().lowercased()) {
                files.append(path)
            }
        }
        return files
    }

    /// The content of a file.
    static func read(_ path: String) throws(ManifestError) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw unreadable(path, "this file cannot be read: \(reason(of: error))")
        }
    }

    private static func unreadable(_ path: String, _ message: String) -> ManifestError {
        .unreadable([Diagnostic(.error, message, origin: Origin(file: path))])
    }

    private static func reason(of error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoPermission: "permission denied"
        case .fileReadNoSuchFile: "it does not exist"
        case .fileReadTooLarge: "it is too large"
        default: "input or output error"
        }
    }
}
