// SPDX-License-Identifier: Apache-2.0

import FerruleCLI
import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import RandomClusters
import Synchronization
import Testing

/// What happens to an apply from outside.
@Suite("Faults", .needsNamespaces)
struct FaultTests {
    private static let cluster = Project.url("Tests/Data/shop-cluster.json").path

    private func command(_ node: String) -> [String] {
        [Project.program, "apply", "-q", "-f", Self.cluster, "--node-name", node]
    }

    /// What a whole apply for each of two nodes leaves.
    private func rulesets() throws -> [String: Ruleset] {
        var rulesets: [String: Ruleset] = [:]
        for node in ["node-a", "node-b"] {
            let namespace = try Namespace("whole")
            _ = try namespace.output(command(node))
            rulesets[node] = try namespace.read()
        }
        return rulesets
    }

    /// The nodes whose ruleset stands there.
    private func held(_ namespace: Namespace, _ rulesets: [String: Ruleset]) throws -> [String] {
        try rulesets.filter { try namespace.holds($0.value) }.map(\.key)
    }

    @Test(
        "A process killed at any moment leaves the old ruleset or the new one, whole",
        arguments: 0..<4 as Range<UInt64>)
    func killed(seed: UInt64) throws {
        let rulesets = try rulesets()
        let namespace = try Namespace("killed")
        var generator = SeededGenerator(seed: seed)
        let clock = ContinuousClock()
        var longest = try clock.measure { _ = try namespace.output(command("node-a")) }
        var old = "node-a"
        var outcomes: [Int32: Int] = [:]
        for _ in 0..<50 {
            let new = old == "node-a" ? "node-b" : "node-a"
            let start = clock.now
            let running = try namespace.start(command(new))
            usleep(UInt32.random(in: 0..<UInt32(longest / .microseconds(1)), using: &generator))
            running.kill()
            let status = try running.result().status
            outcomes[status, default: 0] += 1
            if status == 0 { longest = min(longest, clock.now - start) }
            let held = try held(namespace, rulesets)
            try #require(held == [old] || held == [new], "\(held) after status \(status)")
            old = held[0]
        }
        #expect(outcomes[128 + SIGKILL] ?? 0 > 10, "\(outcomes)")
    }

    @Test("Two at once end in the ruleset of one, whole")
    func twoAtOnce() throws {
        let rulesets = try rulesets()
        let namespace = try Namespace("two")
        for _ in 0..<15 {
            let running = try ["node-a", "node-b"].map { try namespace.start(command($0)) }
            let results = try running.map { try $0.result() }
            #expect(results.allSatisfy { [0, 75].contains($0.status) }, "\(results)")
            #expect(results.contains { $0.status == 0 })
            #expect(try held(namespace, rulesets).count == 1)
        }
    }

    /// Runs a change of somebody else's again and again while the body runs.
    private func whileBusy(_ namespace: Namespace, _ change: String, _ body: () throws -> Void) throws {
        let folder = try TemporaryFolder()
        let stop = folder.url.appending(path: "stop").path
        let loop = #"while [ ! -e "$1" ]; do echo "$0" | nft -f - 2>/dev/null; done"#
        let running = try namespace.start(["sh", "-c", loop, change, stop])
        defer {
            _ = FileManager.default.createFile(atPath: stop, contents: nil)
            _ = try? running.result()
        }
        try body()
    }

    @Test(
        "Somebody who keeps changing Ferrule's table makes it fail or not, but never leaves it half done; another table is none",
        arguments: [
            ("add table ip busy", [0]), ("add table ip busy; delete table ip busy", [0]),
            ("add chain ip ferrule mine", [0, 75]),
        ] as [(String, [Int32])])
    func busyNeighbour(change: String, outcomes: [Int32]) throws {
        let rulesets = try rulesets()
        let namespace = try Namespace("busy")
        _ = try namespace.output(command("node-a"))
        try whileBusy(namespace, change) {
            for node in ["node-b", "node-a", "node-b", "node-a"] {
                let result = try namespace.run(command(node))
                #expect(outcomes.contains(result.status), "\(result)")
            }
        }
        try namespace.load("add table ip busy; delete table ip busy")
        let nodes = try rulesets.filter { _, ruleset in
            var read = try namespace.read()
            for index in read.tables.indices { read.tables[index].chains.removeAll { $0.name == ChainName("mine") } }
            return read.normalised(for: ruleset) == ruleset.normalised(for: ruleset)
        }
        #expect(nodes.count == 1)
    }

    @Test("Somebody who flushes the ruleset again and again leaves all or nothing")
    func busyFlusher() throws {
        let rulesets = try rulesets()
        let namespace = try Namespace("flushed")
        try whileBusy(namespace, "flush ruleset") {
            for node in ["node-b", "node-a", "node-b"] {
                let result = try namespace.run(command(node))
                #expect([0, 75].contains(result.status), "\(result)")
                // Tables may go between any two reads, but never in part.
                guard let read = try? namespace.read(), let wanted = rulesets[node] else { continue }
                let isEmpty = read.tables.allSatisfy(\.chains.isEmpty)
                #expect(isEmpty || read.normalised(for: wanted) == wanted.normalised(for: wanted))
            }
        }
        _ = try namespace.output(command("node-b"))
        #expect(try held(namespace, rulesets) == ["node-b"])
    }

    @Test("A transaction for a ruleset that is not there any more is refused")
    func otherGeneration() throws {
        let namespace = try Namespace("generation")
        var random = RandomCluster(seed: 1)
        let (old, new) = (random.cluster().ruleset(), random.cluster().ruleset())
        try namespace.apply(old)
        let generation = try namespace.perform { () throws(NetlinkError) in try Kernel().generation() }
        try namespace.load("add table ip other")
        #expect(throws: NetlinkError.changedUnderway) {
            try namespace.perform { () throws(NetlinkError) in
                try Kernel().apply(.replacing(with: new), bound: Binding(generation: generation))
            }
        }
        #expect(try namespace.holds(old))
    }

    @Test("Where somebody puts other tables there before each plan is sent, four are made, and it is said")
    func plansAnew() throws {
        let namespace = try Namespace("overtaken")
        var random = RandomCluster(seed: 1)
        let (old, new) = (random.cluster().ruleset(), random.cluster().ruleset())
        try namespace.apply(old)
        let overtaking = Overtaking(.replacing(with: old))
        #expect(throws: NetlinkError.changedUnderway) { try namespace.update(to: new, overtaking.kernel) }
        #expect(overtaking.count == 4)
        #expect(try namespace.holds(old))
    }

    @Test("Where the answers do not fit, the ruleset is the old one or the new one, whole")
    func fullReceiveBuffer() throws {
        let namespace = try Namespace("full")
        var random = RandomCluster(seed: 2)
        var old = random.cluster().ruleset()
        try namespace.apply(old)
        for _ in 0..<10 {
            let new = random.cluster().ruleset()
            do {
                try namespace.update(to: new, Kernel(replyRoom: 1))
                #expect(try namespace.holds(new))
                old = new
            } catch NetlinkError.outcomeUnknown {
                let isNew = try namespace.holds(new)
                #expect(try isNew || namespace.holds(old))
                old = isNew ? new : old
            }
        }
    }
}

/// Somebody who is always a moment earlier: before each transaction of more than a claim he carries out one of his own.
private final class Overtaking: Sendable {
    private let transaction: Transaction
    private let overtaken = Atomic(0)

    init(_ transaction: Transaction) { self.transaction = transaction }

    /// How many transactions he has been ahead of.
    var count: Int { overtaken.load(ordering: .relaxed) }

    var kernel: Kernel {
        Kernel { purpose throws(NetlinkError) in
            OvertakenSocket(try NetlinkSocket(purpose), purpose == .transactions ? self : nil)
        }
    }

    fileprivate func carryOut() throws(NetlinkError) {
        overtaken.add(1, ordering: .relaxed)
        try Kernel().apply(transaction)
    }
}

private final class OvertakenSocket: NetlinkTransport {
    private let socket: NetlinkSocket
    private let overtaking: Overtaking?

    init(_ socket: NetlinkSocket, _ overtaking: Overtaking?) { (self.socket, self.overtaking) = (socket, overtaking) }

    var descriptor: Int32 { socket.descriptor }
    var portID: UInt32 { socket.portID }

    func reserveBuffers(send: Int, receive: Int) { socket.reserveBuffers(send: send, receive: receive) }

    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        // A claim, and giving it up, are a few hundred bytes.
        if bytes.count > 1_000 { try overtaking?.carryOut() }
        try socket.send(bytes)
    }

    func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived { try socket.receive(wait: wait) }
}
