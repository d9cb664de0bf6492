// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab

/// `ferrule run -f` in a namespace of its own, on a folder.
final class RunLab {
    let namespace: Namespace
    let folder: URL
    private(set) var agent: RunningCommand

    /// - Parameter manifests: what the folder holds when the agent starts.
    init(_ namespace: Namespace, _ manifests: String, _ arguments: String...) throws {
        self.namespace = namespace
        folder = FileManager.default.temporaryDirectory.appending(path: "ferrule-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try manifests.write(to: folder.appending(path: "cluster.yaml"), atomically: true, encoding: .utf8)
        agent = try namespace.start(RunLab.command(folder) + arguments)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func command(_ folder: URL) -> [String] {
        [
            Project.program, "run", "-f", folder.path, "--node-name", "node-a", "--node-ip", "192.0.2.11,2001:db8::11",
            "--cluster-cidr", "10.244.0.0/16,fd00:10:244::/48", "--service-cidr", "10.96.0.0/16,fd00:10:96::/112",
            "--log-level", "debug",
        ]
    }

    /// Puts other definitions in the place of those that there are.
    func write(_ manifests: String) throws {
        try manifests.write(to: folder.appending(path: "cluster.yaml"), atomically: true, encoding: .utf8)
    }

    func restart() throws { agent = try namespace.start(RunLab.command(folder)) }

    /// Has it read its configuration again.
    func hangUp() { agent.hangUp() }

    /// Ends it as systemd does, and waits for its end.
    func stop() throws -> CommandResult {
        agent.terminate()
        return try agent.result()
    }

    /// Waits until the kernel holds a ruleset; false if that takes longer than `limit`.
    func waits(for ruleset: Ruleset, limit: Duration = .seconds(10)) throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try namespace.holds(ruleset) { return true }
            usleep(5_000)
        }
        return false
    }
}
