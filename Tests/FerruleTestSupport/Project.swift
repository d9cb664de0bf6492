// SPDX-License-Identifier: Apache-2.0
//
// FerruleTestSupport: what tests of the whole program share: the places of things, running the built program, comparing
// what it says with files. It knows nothing of what is being tested.

package import Foundation

/// Places of the project that the tests run in.
package enum Project {
    /// The folder of `Package.swift`.
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The folder of the programs that are built along with the running tests, which lie beside them.
    package static let programs = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// The folder of the programs that are run as users run them: that of the variable `FERRULE_PROGRAMS`, where those built for
    /// release may lie; else the same.
    package static let installed =
        ProcessInfo.processInfo.environment["FERRULE_PROGRAMS"].map { URL(filePath: $0) } ?? programs

    /// The path of the built `ferrule`.
    package static let program = programs.appending(path: "ferrule").path

    /// A path of the project, such as `golden/clusterip`.
    package static func url(_ path: String) -> URL { root.appending(path: path) }

    /// The names in a folder, sorted; empty where there is no such folder.
    package static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// Every file below a folder, by its path from there, sorted.
    package static func files(below folder: URL) -> [String] {
        names(in: folder).flatMap { name in
            let isFolder = folder.appending(path: name).isFolder
            return isFolder ? files(below: folder.appending(path: name)).map { "\(name)/\($0)" } : [name]
        }
    }
}

extension URL {
    package var isFolder: Bool { (try? resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true }
}
