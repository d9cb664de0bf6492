// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import Foundation
import NetworkLab
import Testing

/// What `ferrule trace --live` says of the tables in a kernel.
@Suite("trace --live", .needsNamespaces)
struct TraceTests {
    private struct Answer: Decodable {
        struct Outcome: Decodable {
            let verdict: String
            let endpoint: String?
            let share: Double
            let service: String?
            let sticky: Bool
        }

        let outcomes: [Outcome]
        let reason: String?
    }

    private func trace(_ node: Namespace, from source: String, to destination: String) throws -> Answer {
        let run = try node.ferrule(
            "trace", "--live", "--from", source, "--to", destination, "--format", "json")
        try #require(run.status == 0, "\(run.standardError)")
        return try JSONDecoder().decode(Answer.self, from: Data(run.standardOutput.utf8))
    }

    private static let cluster = TestCluster(
        Manifests.objects(
            Manifests.service("web", "10.96.0.10", "tcp 80/TCP 30080", spec: "sessionAffinity: ClientIP"),
            Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP"),
            Manifests.service("none", "10.96.0.20", "tcp 80/TCP")))

    @Test("It knows what affinity remembers, and names services")
    func affinity() throws {
        try Lab.with { lab in
            try lab.serve([8080])
            try lab.node.apply(Self.cluster.ruleset())
            let before = try trace(lab.node, from: "198.51.100.1", to: "service test/web")
            #expect(before.outcomes.map(\.endpoint) == ["10.244.0.6:8080", "10.244.1.6:8080"])
            #expect(before.outcomes.allSatisfy { $0.share == 0.5 && $0.sticky && $0.service == "test/web:tcp" })
            let server = try #require(try lab.probe(Probe(from: "198.51.100.1", to: "10.96.0.10", 80)).server)
            for destination in ["10.96.0.10:80", "nodeport 30080"] {
                let after = try trace(lab.node, from: "198.51.100.1", to: destination)
                #expect(after.outcomes.map(\.endpoint) == ["\(server):8080"] && after.outcomes.map(\.share) == [1])
            }
            #expect(try trace(lab.node, from: "198.51.100.2", to: "10.96.0.10:80").outcomes.count == 2)
            let refused = try trace(lab.node, from: "node", to: "service test/none")
            #expect(refused.outcomes.map(\.verdict) == ["refuse"])
            #expect(refused.reason == "test/none:tcp has no endpoint that takes traffic")
        }
    }

    @Test("It names the source ranges, and not the balancer's own address, which the node bears")
    func sourceRanges() throws {
        let cluster = TestCluster(
            Manifests.objects(
                Manifests.service(
                    "web", "10.96.0.10", "tcp 80/TCP 30080",
                    spec: "loadBalancerSourceRanges: [192.0.2.0/24, 203.0.113.9/32]",
                    ingress: "{ ip: 203.0.113.7 }"),
                Manifests.slice("web", ["10.244.0.6 node-a"], "tcp 8080/TCP")))
        try Lab.with { lab in
            try lab.node.apply(cluster.ruleset())
            let answer = try trace(lab.node, from: "198.51.100.1", to: "203.0.113.7:80")
            #expect(answer.outcomes.map(\.verdict) == ["drop"])
            #expect(
                answer.reason == "198.51.100.1 is in none of the loadBalancerSourceRanges of test/web:tcp "
                    + "(192.0.2.0/24, 203.0.113.9/32)")
        }
    }

    @Test("What the node sends is from the address that --node-ip says, before those of its interfaces")
    func nodeAddress() throws {
        try Lab.with { lab in
            try lab.node.apply(Self.cluster.ruleset())
            let run = try lab.node.ferrule(
                "trace", "--live", "--from", "node", "--to", "10.96.0.10:80", "--node-ip", "192.0.2.99")
            #expect(run.status == 0 && run.standardOutput.contains(" from 192.0.2.99 "), "\(run)")
        }
    }

    @Test("Somebody else's rule on the way is said, not guessed at")
    func foreign() throws {
        try Lab.with { lab in
            try lab.node.apply(Self.cluster.ruleset())
            try lab.node.load("insert rule ip ferrule unserved ip ttl 1 drop")
            #expect(try trace(lab.node, from: "198.51.100.1", to: "10.96.0.10:80").outcomes.count == 2)
            let doubt = try trace(lab.node, from: "198.51.100.1", to: "10.96.0.10:81")
            #expect(doubt.outcomes.map(\.verdict) == ["unknown"])
            #expect(doubt.reason?.hasPrefix("a rule in chain unserved that somebody else has put there") == true)
        }
    }

    @Test("Without tables every packet is left alone, and services are not known")
    func absent() throws {
        let node = try Namespace()
        #expect(try trace(node, from: "10.244.0.6", to: "10.96.0.10:80").outcomes.map(\.verdict) == ["pass"])
        let run = try node.ferrule("trace", "--live", "--from", "10.244.0.6", "--to", "service test/web")
        #expect(run.status == 65 && run.standardError.contains("the kernel has no service test/web"))
    }
}
