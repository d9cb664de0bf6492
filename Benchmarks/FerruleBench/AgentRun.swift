// SPDX-License-Identifier: Apache-2.0

#if APIServer
    import APIServerLab
    import FerruleNetlink
    import FerruleNetwork
    import FerruleRuleset
    import Foundation
    import Synchronization

    /// An agent from its start on, with an API server beside it.
    struct AgentRun: Measurement {
        let ferrule: String
        /// A folder to make, for files that both use.
        let folder: String
        let services: Int
        /// Of each service.
        let endpoints: Int
        /// How often an endpoint is replaced.
        let changes: Int
        /// How often the ruleset is flushed.
        let floods: Int

        func measure() throws -> AgentCosts {
            _ = try ChildProcess.run("ip", ["link", "set", "lo", "up"])
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let cluster = LabCluster(services: services, endpoints: endpoints)
            let server = try waiting { try await LabServer() }
            try server.load(cluster.objects(node: "node-a"))
            try server.kubeconfig.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
            var commits = try CommitReader()

            var costs = AgentCosts(services: services)
            let agent = try AgentProcess(ferrule, folder)
            defer { agent.end() }
            costs.start = try agent.awaitReady()
            usleep(300_000)
            (costs.residentBytes, costs.peakBytes) = try agent.memory()
            try commits.passOver()

            let before = try agent.processorSeconds()
            for change in 0..<changes {
                let start = ContinuousClock.now
                try server.put(cluster.slice(change &* 7919 % services, replacement: change + 1))
                try commits.next { !$0.changes.isEmpty }
                costs.commits.append((ContinuousClock.now - start) / .seconds(1))
                // What is left to do after a change is no part of the next one.
                usleep(1_000)
                try commits.passOver()
            }
            if changes > 0 { costs.processorSeconds = try (agent.processorSeconds() - before) / Double(changes) }
            costs.laterBytes = try agent.memory().resident
            // While somebody listens, the kernel writes an event for each element of a repair.
            _ = consume commits
            for _ in 0..<floods {
                // Somebody who goes on is answered more slowly.
                sleep(6)
                let standing = try Kernel().generation()
                _ = try ChildProcess.run("nft", ["flush", "ruleset"])
                // The flush is one commit, the repair another.
                let start = ContinuousClock.now
                try waitUntil(generation: standing &+ 2)
                costs.repairs.append((ContinuousClock.now - start) / .seconds(1))
            }
            return costs
        }

        /// Asks the kernel for the number of its ruleset until that has come.
        private func waitUntil(generation: UInt32) throws {
            let limit = ContinuousClock.now + .seconds(60)
            while try Int32(bitPattern: Kernel().generation() &- generation) < 0 {
                guard ContinuousClock.now < limit else { throw BenchError("nothing was repaired within a minute") }
                usleep(500)
            }
        }

        private func waiting<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
            let (result, end) = (Box<Value>(), DispatchSemaphore(value: 0))
            Task.detached {
                do { result.set(.success(try await work())) } catch { result.set(.failure(error)) }
                end.signal()
            }
            end.wait()
            guard let value = result.value else { throw BenchError("nothing came of a task") }
            return try value.get()
        }

        private final class Box<Value: Sendable>: Sendable {
            private let content = Mutex<Swift.Result<Value, any Error>?>(nil)
            var value: Swift.Result<Value, any Error>? { content.withLock { $0 } }
            func set(_ value: Swift.Result<Value, any Error>) { content.withLock { $0 = value } }
        }
    }

    /// Commits to Ferrule's tables, one after the other.
    private struct CommitReader: ~Copyable {
        private var events: RulesetEvents
        private var waiting: [RulesetCommit] = []

        init() throws { events = try RulesetEvents(of: IPFamily.allCases.map(TableName.ferrule)) }

        /// Waits for the next of some kind; those before it are passed over.
        mutating func next(where isWanted: (RulesetCommit) -> Bool) throws {
            let limit = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < limit {
                if let place = waiting.firstIndex(where: isWanted) {
                    waiting.removeFirst(place + 1)
                    return
                }
                waiting = []
                events.wait()
                for case .commit(let commit) in try events.next() { waiting.append(commit) }
            }
            throw BenchError("the agent has not committed within a minute")
        }

        /// Passes over what has been committed so far.
        mutating func passOver() throws {
            _ = try events.next()
            waiting = []
        }
    }

    /// Times in seconds.
    struct AgentCosts: Codable {
        let services: Int
        /// From the start of the process until the kernel held all.
        var start = 0.0
        var residentBytes = 0
        var peakBytes = 0
        /// After all changes.
        var laterBytes = 0
        /// From each change in the server to the kernel's word of the commit.
        var commits: [Double] = []
        /// Of the agent, for one change.
        var processorSeconds = 0.0
        /// From the end of `nft flush ruleset` to the commit that repairs it.
        var repairs: [Double] = []

        init(services: Int) { self.services = services }
    }
#endif
