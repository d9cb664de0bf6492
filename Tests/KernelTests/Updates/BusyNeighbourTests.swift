// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleNetlink
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import RandomClusters
import Testing

/// Another program commits to a table of its own, two hundred times a second. That is none of Ferrule's business.
@Suite("A busy neighbour", .needsNamespaces)
struct BusyNeighbourTests {
    /// A namespace with a neighbour in it, for as long as a test runs.
    private func withNeighbour(_ body: (Namespace, Neighbour) throws -> Void) throws {
        let namespace = try Namespace("neighbour")
        try Neighbour.settle(in: namespace)
        let neighbour = Neighbour(in: namespace)
        defer { neighbour.end() }
        try body(namespace, neighbour)
    }

    private func apply(_ node: String, _ flags: String...) -> [String] {
        [Project.program, "apply", "-q", "-f", Project.shopCluster, "--node-name", node] + flags
    }

    @Test("Every apply succeeds, from nothing and from another ruleset, and leaves what it says")
    func applies() throws {
        let whole = try ["node-a", "node-b"].map { node in
            let namespace = try Namespace("whole")
            _ = try namespace.output(apply(node))
            return try namespace.read()
        }
        try withNeighbour { namespace, neighbour in
            for number in 0..<10 {
                let before = neighbour.commitCount
                let result = try namespace.run(apply(number % 2 == 0 ? "node-a" : "node-b"))
                #expect(result.status == 0, "\(result)")
                #expect(neighbour.commitCount > before)
                #expect(try namespace.holds(whole[number % 2]))
            }
            for _ in 0..<5 {
                #expect(try namespace.run(apply("node-b", "--check")).status == 0)
                #expect(
                    try namespace.run([Project.program, "apply", "-f", Project.shopCluster, "--node-name", "node-b"])
                        .standardOutput.hasPrefix("nothing to change"))
                let status = try namespace.output(Project.program, "status", "--format", "json")
                #expect(status.contains(#""drifted":false"#) || status.contains(#""drifted" : false"#), "\(status)")
            }
            #expect(try namespace.run(apply("node-a", "--replace")).status == 0)
            #expect(try namespace.run([Project.program, "delete"]).status == 0)
            #expect(try namespace.read().tables.allSatisfy(\.isAbsent))
            #expect(neighbour.commitCount > 100)
        }
        #expect(whole[0] != whole[1])
    }

    @Test("A ruleset whose lists do not end before the next commit is read and changed")
    func large() throws {
        let rulesets = try [700, 690].map { try SyntheticRuleset.services($0, endpoints: 10) }
        try withNeighbour { namespace, neighbour in
            for number in 0..<3 {
                let before = neighbour.commitCount
                try namespace.update(to: rulesets[number % 2])
                #expect(neighbour.commitCount > before + 2)
                #expect(try namespace.holds(rulesets[number % 2]))
                #expect(try !namespace.update(to: rulesets[number % 2]).isChanged)
            }
        }
    }

    @Test("Random changes end in what a fresh apply makes", arguments: 20..<22 as Range<UInt64>)
    func random(seed: UInt64) throws {
        try withNeighbour { namespace, _ in
            var random = RandomCluster(seed: seed)
            var cluster = random.cluster()
            for step in 0..<40 {
                cluster = step % 3 == 0 ? random.cluster() : random.changed(cluster)
                let outcome = try namespace.update(to: cluster.ruleset())
                #expect(outcome.drift == [], "step \(step)")
                try #require(try namespace.holds(cluster.ruleset()), "step \(step)")
            }
        }
    }

    @Test("Two applies at once end in the ruleset of one, whole")
    func twoAtOnce() throws {
        let whole = try ["node-a", "node-b"].map { node in
            let namespace = try Namespace("whole")
            _ = try namespace.output(apply(node))
            return try namespace.read()
        }
        try withNeighbour { namespace, _ in
            for _ in 0..<8 {
                let running = try ["node-a", "node-b"].map { try namespace.start(apply($0)) }
                let results = try running.map { try $0.result() }
                #expect(results.allSatisfy { $0.status == 0 }, "\(results)")
                #expect(try whole.filter { try namespace.holds($0) }.count == 1)
            }
        }
    }

    @Test("What nobody confirms is put back, and what is confirmed stays")
    func confirmation() throws {
        try withNeighbour { namespace, _ in
            _ = try namespace.output(apply("node-a"))
            let before = try namespace.read()
            let refused = try namespace.run(apply("node-b", "--confirm", "1"))
            #expect(
                refused.status == 75 && refused.standardError.contains("the previous ruleset was put back"),
                "\(refused)")
            #expect(try namespace.holds(before))
            let running = try namespace.start(apply("node-b", "--confirm", "60"))
            var isConfirmed = false
            for _ in 0..<300 where !isConfirmed {
                isConfirmed = try namespace.run([Project.program, "confirm"]).succeeded
                usleep(50_000)
            }
            #expect(isConfirmed)
            #expect(try running.result().status == 0)
            #expect(try !namespace.holds(before))
        }
    }
}
