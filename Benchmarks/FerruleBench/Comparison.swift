// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs everything several times in turns, so that what else the machine does hits all of it alike.
struct Comparison {
    private let options: BenchOptions
    private let folder: URL
    /// This program, and `ferrule` from the same build.
    private let program: String
    private let ferrule: String

    init(_ options: BenchOptions) throws {
        self.options = options
        program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        ferrule = URL(filePath: program).deletingLastPathComponent().appending(path: "ferrule").path
        folder = FileManager.default.temporaryDirectory.appending(path: "ferrule-bench-\(UUID().uuidString)")
        try refuseTheMachinesOwnNamespace()
    }

    /// Prints the report; false if a limit was missed.
    func run() throws -> Bool {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let cluster = try clusterFile()
        var results = Results()
        for _ in 0..<options.runs {
            let output = path("round.json")
            _ = try ChildProcess.run(program, ["--cluster", cluster, "--round", output])
            results.rounds.append(try Round.read(from: output))
            results.applies.append(try ChildProcess.run(ferrule, ["apply", "-q", "-f", cluster]))
            _ = try ChildProcess.run(ferrule, ["delete"])
            results.renders.append(try ChildProcess.run(ferrule, ["render", "-q", "-f", cluster]))
            results.decodings.append(try ChildProcess.run(program, ["--cluster", cluster, "--decode"]))
        }
        let report = Report(results, hasLimits: !options.isSmoke)
        print(report.text)
        return report.isWithinLimits
    }

    /// The cluster as plain JSON.
    private func clusterFile() throws -> String {
        let plain = path("cluster.json")
        if options.isSmoke {
            try SyntheticCluster(services: 250, endpoints: 4).write(to: plain)
        } else if options.clusterPath.hasSuffix(".xz") {
            _ = try ChildProcess.run("xz", ["-dc", options.clusterPath], output: plain)
        } else {
            return options.clusterPath
        }
        return plain
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Where the first process's namespace may not be looked at, one with a single interface counts as our own.
    private func refuseTheMachinesOwnNamespace() throws {
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

/// What was measured, one entry a run.
struct Results {
    var rounds: [Round] = []
    /// `ferrule apply` as a whole.
    var applies: [ChildProcess] = []
    /// `ferrule render` as a whole.
    var renders: [ChildProcess] = []
    /// A program that only decodes the JSON.
    var decodings: [ChildProcess] = []
}
