// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What `ferrule run` writes to standard error, and how.
@Suite("ferrule run, its messages", .needsNamespaces)
struct AgentLogTests {
    private static let manifests = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "http 80/TCP"),
        Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP"))

    /// An agent that has brought the kernel to these, once the kernel holds them.
    private func lab(_ arguments: String...) throws -> RunLab {
        let lab = try RunLab(Namespace("log"), Self.manifests, arguments)
        #expect(try lab.waits(for: TestCluster(Self.manifests).ruleset()))
        return lab
    }

    @Test("as JSON each message is an object in a line, with its time and its level")
    func json() throws {
        let lab = try lab("--log-format", "json")
        try lab.write(#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a\u0007b"}}"#)
        try lab.says("the input cannot be used")
        let lines = try lab.stop().standardError.split(separator: "\n")
        let objects = try lines.map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String], "\(line)")
        }
        #expect(objects.allSatisfy { Set($0.keys) == ["time", "level", "message"] }, "\(lines)")
        #expect(Set(objects.compactMap { $0["level"] }).isSuperset(of: ["info", "error"]), "\(lines)")
        #expect(objects.allSatisfy { $0["time"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/) != nil })
        #expect(objects.contains { $0["message"]?.contains("1 service with 1 endpoint") == true }, "\(lines)")
    }

    @Test("messages of less weight than is asked for are not written", arguments: ["info", "warning", "error"])
    func level(_ least: String) throws {
        let lab = try lab("--log-level", least)
        try lab.namespace.load("flush chain ip ferrule dispatch")
        #expect(try lab.waits(for: TestCluster(Self.manifests).ruleset()))
        try lab.namespace.load("add chain ip ferrule mine")
        #expect(try lab.waits(for: TestCluster(Self.manifests).ruleset()))
        let log = try lab.stop().standardError
        let levels = Set(log.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first })
        #expect(levels == (least == "info" ? ["info", "warning"] : least == "warning" ? ["warning"] : []), "\(log)")
    }

    @Test("SIGUSR1 switches debug messages on, and off again")
    func signal() throws {
        let lab = try lab("--log-level", "info")
        /// How many of them an intrusion brings.
        func debugMessages() throws -> Int {
            func count() -> Int { (lab.agent.standardErrorSoFar ?? "").ranges(of: "Z debug ").count }
            let before = count()
            try lab.namespace.load("flush chain ip ferrule dispatch")
            #expect(try lab.waits(for: TestCluster(Self.manifests).ruleset()))
            return count() - before
        }
        #expect(try debugMessages() == 0)
        kill(lab.agent.process, SIGUSR1)
        try waitUntil("they are written") { try debugMessages() > 0 }
        kill(lab.agent.process, SIGUSR1)
        try waitUntil("they are not written") { try debugMessages() == 0 }
        #expect(try lab.stop().status == 0)
    }
}
