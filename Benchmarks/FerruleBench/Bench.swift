// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What all parts of the benchmark use: where files go, and how measuring processes are run.
struct Bench {
    let options: BenchOptions
    /// `ferrule` from the same build.
    let ferrule: String
    private let program: String
    private let folder: URL

    var isSmoke: Bool { options.isSmoke }
    /// How often something quick is repeated.
    var runs: Int { options.runs }

    init(_ options: BenchOptions) throws {
        self.options = options
        program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        ferrule = URL(filePath: program).deletingLastPathComponent().appending(path: "ferrule").path
        folder = FileManager.default.temporaryDirectory.appending(path: "ferrule-bench-\(UUID().uuidString)")
        try Self.refuseTheMachinesOwnNamespace()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func removeFiles() { try? FileManager.default.removeItem(at: folder) }

    /// A file that is gone at the end.
    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Measures in a process and a network namespace of its own.
    func measure<Kind: Measurement>(_ measurement: Kind) throws -> Kind.Result {
        try observe(measurement, isIsolated: true).result
    }

    /// Measures in a process of its own, and how long that process took in all.
    func observe<Kind: Measurement>(
        _ measurement: Kind, isIsolated: Bool = false
    ) throws -> (result: Kind.Result, process: ChildProcess) {
        let (request, result) = (path("request.json"), path("result.json"))
        try JSONEncoder().encode(measurement).write(to: URL(filePath: request))
        let command = [program, "--measure", Kind.name, request, result]
        let process =
            try isIsolated
            ? ChildProcess.run("unshare", ["-n"] + command) : ChildProcess.run(program, Array(command.dropFirst()))
        return (try JSONDecoder().decode(Kind.Result.self, from: Data(contentsOf: URL(filePath: result))), process)
    }

    /// The cluster as plain JSON.
    func clusterFile() throws -> String {
        let plain = path("cluster.json")
        if FileManager.default.fileExists(atPath: plain) { return plain }
        if isSmoke {
            try SyntheticCluster(services: 250, endpoints: 4).write(to: plain)
        } else if options.clusterPath.hasSuffix(".xz") {
            _ = try ChildProcess.run("xz", ["-dc", options.clusterPath], output: plain)
        } else {
            return options.clusterPath
        }
        return plain
    }

    /// Where the first process's namespace may not be looked at, one with a single interface counts as our own.
    private static func refuseTheMachinesOwnNamespace() throws {
        let files = FileManager.default
        let isOwn =
            if let first = try? files.destinationOfSymbolicLink(atPath: "/proc/1/ns/net") {
                try files.destinationOfSymbolicLink(atPath: "/proc/self/ns/net") != first
            } else {
                try String(contentsOf: URL(filePath: "/proc/self/net/dev"), encoding: .utf8)
                    .split(separator: "\n").count { $0.contains(":") } == 1
            }
        guard isOwn else {
            throw BenchError("run it in a network namespace of its own, as `make bench` does: unshare -n ferrule-bench")
        }
    }
}
