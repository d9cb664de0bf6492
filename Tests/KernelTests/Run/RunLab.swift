// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab

/// `ferrule run -f` in a namespace of its own, on a folder.
final class RunLab {
    let namespace: Namespace
    private let temporary: TemporaryFolder
    /// What the agent runs by, the program first.
    private let command: [String]
    private(set) var agent: RunningCommand
    private var start = Date()

    /// - Parameters:
    ///   - manifests: what the folder holds when the agent starts.
    ///   - starter: the program that is given the command and becomes it.
    convenience init(
        _ namespace: Namespace, _ manifests: String, _ arguments: String..., starter: [String] = []
    ) throws {
        try self.init(namespace, manifests, arguments, starter: starter)
    }

    init(_ namespace: Namespace, _ manifests: String, _ arguments: [String], starter: [String] = []) throws {
        self.namespace = namespace
        temporary = try TemporaryFolder()
        try manifests.write(to: temporary.url.appending(path: "cluster.yaml"), atomically: true, encoding: .utf8)
        command =
            starter + [
                Project.program, "run", "-f", temporary.url.path, "--node-name", "node-a",
                "--node-ip", "192.0.2.11,2001:db8::11", "--cluster-cidr", "10.244.0.0/16,fd00:10:244::/48",
                "--service-cidr", "10.96.0.0/16,fd00:10:96::/112", "--log-level", "debug",
            ] + arguments
        agent = try namespace.start(command)
    }

    /// What the agent follows.
    var folder: URL { temporary.url }

    /// Puts other definitions in the place of those that there are.
    func write(_ manifests: String) throws {
        try manifests.write(to: folder.appending(path: "cluster.yaml"), atomically: true, encoding: .utf8)
    }

    func restart() throws {
        start = Date()
        agent = try namespace.start(command)
    }

    /// Waits until the agent has said something so many times.
    func says(_ words: String, times: Int = 1) throws {
        try waitUntil("the agent says \(words)") {
            (agent.standardErrorSoFar ?? "").ranges(of: words).count >= times
        }
    }

    /// How long an agent took from its start until it said that the kernel holds all.
    struct StartTime {
        let whole: Duration
        /// How long its threads have waited for a processor, all together: the time of others.
        let inQueues: Duration
    }

    /// Waits until the agent says that the kernel holds all; nil where it has not in ten seconds, or has ended.
    func startTime() -> StartTime? {
        let limit = Date() + 10
        while Date() < limit, let said = agent.standardErrorSoFar {
            if let line = said.split(separator: "\n").first(where: { $0.contains(" info ") }),
                let time = try? Date(String(line.prefix { $0 != " " }), strategy: .iso8601WithFractions)
            {
                return StartTime(whole: .seconds(time.timeIntervalSince(start)), inQueues: timeInQueues)
            }
            usleep(2_000)
        }
        return nil
    }

    /// The second number of `schedstat` (Documentation/scheduler/sched-stats.rst) of all threads.
    private var timeInQueues: Duration {
        let folder = "/proc/\(agent.process)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let times = threads.compactMap { thread -> Int? in
            let text = try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)
            return text?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
        return .nanoseconds(times.reduce(0, +))
    }

    /// Has it read its configuration again.
    func hangUp() { agent.hangUp() }

    /// Ends it as systemd does, and waits for its end.
    func stop() throws -> CommandResult {
        agent.terminate()
        return try agent.result()
    }

    /// Waits until the kernel holds a ruleset; false if that takes longer than `limit`.
    func waits(for ruleset: Ruleset, limit: Duration = .seconds(20)) throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if try namespace.holds(ruleset) { return true }
            usleep(5_000)
        }
        return false
    }
}

extension ParseStrategy where Self == Date.ISO8601FormatStyle {
    /// `2026-11-26T10:00:00.123Z`
    fileprivate static var iso8601WithFractions: Self { Self(includingFractionalSeconds: true) }
}
