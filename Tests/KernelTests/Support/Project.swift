// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Places of the project that the tests run in.
enum Project {
    /// The folder of `Package.swift`.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The `ferrule` that was built along with the running tests, which lies beside them.
    static let program = program("ferrule")

    /// The server of the tests as a program of its own.
    static let serverProgram = program("api-server-lab")

    private static func program(_ name: String) -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
    }

    /// A real dual-stack cluster of three nodes and 33 services.
    static let shopCluster = root.appending(path: "Tests/Data/shop-cluster.yaml").path

    /// The paths below a folder, from there, sorted; empty where there is no such folder.
    static func paths(below folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
        return (found?.compactMap { $0 as? String } ?? []).sorted()
    }
}
