// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestConditions
import Testing

/// Where no namespace can be had, a test that needs one must not pass in continuous integration by being skipped. The tests
/// that are running run themselves once more, without the programs that make namespaces.
@Suite("Tests without namespaces")
struct GuardTests {
    /// Runs a suite that needs namespaces where `ip` and `nft` are not found.
    private func run(_ environment: [String: String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "--testing-library", "swift-testing", "--filter", "NamespaceTests.plainNamespacesAreApart",
        ]
        let inherited = ProcessInfo.processInfo.environment.filter {
            $0.key != ContinuousIntegration.variable && $0.key != "PATH"
        }
        process.environment = inherited.merging(environment) { $1 }
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test("are skipped by a developer")
    func skipped() throws {
        let run = try run(["PATH": "/nonexistent"])
        #expect(run.status == 0)
        #expect(run.output.contains("skipped"), "\(run.output)")
    }

    @Test("fail in continuous integration", arguments: ["1", "true"])
    func failed(value: String) throws {
        let run = try run(["PATH": "/nonexistent", ContinuousIntegration.variable: value])
        #expect(run.status != 0, "\(run.output)")
        #expect(run.output.contains("failed"), "\(run.output)")
    }
}
