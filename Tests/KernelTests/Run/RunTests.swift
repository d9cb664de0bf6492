// SPDX-License-Identifier: Apache-2.0

import FerruleRuleset
import Foundation
import NetworkLab
import Testing

/// `ferrule run` on files.
@Suite("ferrule run", .needsNamespaces)
struct RunTests {
    private func manifests(_ pods: [String]) -> String {
        Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
            Manifests.slice("web", pods, "http 8080/TCP", "dns 8080/UDP"))
    }

    private func ruleset(_ pods: [String]) throws -> Ruleset { try TestCluster(manifests(pods)).ruleset() }

    private static let two = ["10.244.0.6 node-a", "10.244.0.7 node-a"]
    private static let three = ["10.244.0.6 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b"]

    @Test("a file that changes is in the kernel; one that cannot be read changes nothing; a restart sends nothing")
    func follows() throws {
        let namespace = try Namespace("run")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        try lab.write(manifests(Self.three))
        #expect(try lab.waits(for: ruleset(Self.three)))
        try lab.write("apiVersion: v1\nkind: Service\nmetadata: [")
        usleep(300_000)
        #expect(try namespace.holds(ruleset(Self.three)))
        try lab.write(manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let first = try lab.stop()
        #expect(first.status == 0)
        #expect(first.standardError.contains("the input cannot be used: what stands, stays"))
        #expect(try namespace.holds(ruleset(Self.two)))

        try lab.restart()
        usleep(700_000)
        let second = try lab.stop()
        #expect(second.standardError.contains("the kernel holds what it should"), "\(second.standardError)")
        #expect(!second.standardError.contains(" info "), "\(second.standardError)")
    }

    @Test(
        "what others change in the tables is put right",
        arguments: [
            "flush ruleset", "flush chain ip ferrule dispatch", "delete element ip ferrule cluster-ips { 10.96.0.10 }",
            "add element ip ferrule cluster-ips { 10.96.0.99 }", "add chain ip ferrule mine", "delete table ip ferrule",
        ])
    func repairs(command: String) throws {
        let namespace = try Namespace("repair")
        let lab = try RunLab(namespace, manifests(Self.two))
        let wanted = try ruleset(Self.two)
        #expect(try lab.waits(for: wanted))
        try namespace.load(command)
        #expect(try lab.waits(for: wanted))
        let log = try lab.stop().standardError
        #expect(log.contains("put right what others had changed in Ferrule's tables"), "\(log)")
    }

    @Test("somebody who goes on for two seconds does not win")
    func fight() throws {
        let namespace = try Namespace("fight")
        let lab = try RunLab(namespace, manifests(Self.two))
        let wanted = try ruleset(Self.two)
        #expect(try lab.waits(for: wanted))
        for _ in 0..<40 {
            try namespace.load("flush ruleset")
            usleep(50_000)
        }
        #expect(try lab.waits(for: wanted, limit: .seconds(3)))
        // Changes are followed as before.
        try lab.write(manifests(Self.three))
        #expect(try lab.waits(for: ruleset(Self.three)))
        _ = try lab.stop()
    }

    @Test("tables of others are no concern of it")
    func others() throws {
        let namespace = try Namespace("others")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        for number in 0..<20 { try namespace.load("add table ip other\(number)") }
        usleep(200_000)
        let log = try lab.stop().standardError
        #expect(!log.contains("has changed Ferrule's tables"), "\(log)")
    }

    @Test("killed at any moment, it has the kernel where it should be after a restart")
    func killed() throws {
        let namespace = try Namespace("killed")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        for number in 0..<10 {
            let pods = number.isMultiple(of: 2) ? Self.three : Self.two
            try lab.write(manifests(pods))
            usleep(UInt32(number) * 1_500)
            lab.agent.kill()
            _ = try lab.agent.result()
            try lab.restart()
            #expect(try lab.waits(for: ruleset(pods)), "round \(number)")
        }
        _ = try lab.stop()
    }

    @Test("two of them do not work in one namespace")
    func second() throws {
        let namespace = try Namespace("second")
        let lab = try RunLab(namespace, manifests(Self.two))
        #expect(try lab.waits(for: ruleset(Self.two)))
        let other = try namespace.ferrule("run", "-f", lab.folder.path)
        #expect(other.status == 75)
        #expect(other.standardError.contains("another `ferrule run` works in this network namespace"))
        _ = try lab.stop()
    }
}
