// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleCluster
import FerruleKubernetes
import FerruleManifests
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import Synchronization
import Testing

@testable import FerruleAgent

/// An agent that follows an API server.
@Suite("ferrule run, following an API server", .needsNamespaces)
struct ServerRunTests {
    private static let manifests = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
        Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 8080/TCP", "dns 8080/UDP"),
        Manifests.service("db", "10.96.0.20", "tcp 5432/TCP", spec: "sessionAffinity: ClientIP"),
        Manifests.slice("db", ["10.244.0.7 node-a", "10.244.1.7 node-b", "10.244.1.8 node-b"], "tcp 5432/TCP"),
        Manifests.service("local", "10.96.0.30", "tcp 80/TCP", spec: "internalTrafficPolicy: Local"),
        Manifests.slice("local", ["10.244.1.9 node-b"], "tcp 8080/TCP"))

    private func objects(_ text: String) throws -> [ClusterObject] {
        try ManifestReader { Data(text.utf8) }.read(["-"]).objects.changes.compactMap { change in
            if case .put(let object) = change { object } else { nil }
        }
    }

    private func waits(for ruleset: Ruleset, in namespace: NetworkLab.Namespace) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if try namespace.holds(ruleset) { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    @Test("objects that come one by one in any order end like an apply of them all", arguments: 0..<3 as Range<UInt64>)
    func oneByOne(seed: UInt64) async throws {
        let server = try await LabServer()
        try server.put(.node(node()))
        let namespace = try NetworkLab.Namespace("served")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(in: namespace, cluster, following: server.url)
        var generator = SeededGenerator(seed: seed)
        let objects = try objects(Self.manifests).shuffled(using: &generator)
        for (number, object) in objects.enumerated() {
            try server.put(object)
            if number.isMultiple(of: 2) { try await Task.sleep(for: .milliseconds(20)) }
        }
        let wanted = try cluster.ruleset()
        #expect(try await waits(for: wanted, in: namespace))

        // And back again.
        for object in objects.shuffled(using: &generator) where object.meta.name.hasPrefix("db") {
            server.delete(object.kind, ObjectKey(object.meta))
        }
        var rest = cluster
        rest.manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
            Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 8080/TCP", "dns 8080/UDP"),
            Manifests.service("local", "10.96.0.30", "tcp 80/TCP", spec: "internalTrafficPolicy: Local"),
            Manifests.slice("local", ["10.244.1.9 node-b"], "tcp 8080/TCP"))
        #expect(try await waits(for: rest.ruleset(), in: namespace))
        try await agent.stop()
        await server.stop()
    }

    @Test("while the server is away all stands, and what happened meanwhile is caught up")
    func away() async throws {
        let server = try await LabServer()
        try server.load([.node(node())] + objects(Self.manifests))
        let namespace = try NetworkLab.Namespace("away")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(in: namespace, cluster, following: server.url)
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        await server.stop()
        try await Task.sleep(for: .milliseconds(300))
        #expect(try namespace.holds(cluster.ruleset()))
        let more = Manifests.objects(
            Manifests.service("new", "10.96.0.40", "tcp 80/TCP"),
            Manifests.slice("new", ["10.244.1.10 node-b"], "tcp 8080/TCP"))
        for object in try objects(more) { try server.put(object) }
        server.forgetHistory()
        try await server.listen()
        let both = TestCluster(Self.manifests + "\n---\n" + more)
        #expect(try await waits(for: both.ruleset(), in: namespace))
        try await agent.stop()
        await server.stop()
    }

    @Test(
        "a node without an object is waited for, then said; one whose object goes is served on, and no balancer sent to it"
    )
    func nodeWithoutObject() async throws {
        let server = try await LabServer()
        for object in try objects(Self.manifests) { try server.put(object) }
        let namespace = try NetworkLab.Namespace("node")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(
            in: namespace, cluster, following: server.url, missingNode: .milliseconds(200))
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        #expect(agent.thread.log.text.contains("warning the API server has no Node \"node-a\""))
        let state = agent.thread.state
        #expect(!state.current.isNodeEligible)
        try server.put(.node(node()))
        try await waitUntil("the node is one for balancers") { state.current.isNodeEligible }
        server.delete(.node, ObjectKey("", "node-a"))
        try await waitUntil("the node is none for balancers") { !state.current.isNodeEligible }
        #expect(try namespace.holds(cluster.ruleset()))
        try await agent.stop()
        await server.stop()
    }

    @Test("ServiceCIDRs that cannot be had hold nothing back, and count when they come")
    func serviceCIDRsLater() async throws {
        let server = try await LabServer()
        let ranges =
            "{apiVersion: networking.k8s.io/v1, kind: ServiceCIDR, metadata: {name: a}, spec: {cidrs: [10.96.0.0/16]}}"
        try server.load([.node(node())] + objects(Self.manifests) + objects(ranges))
        let isWell = Mutex(false)
        server.fail(.refuse(code: 500, reason: "InternalError"), times: .max) { request in
            request.resource == .servicecidrs && !isWell.withLock { $0 }
        }
        let namespace = try NetworkLab.Namespace("ranges")
        var cluster = TestCluster(Self.manifests)
        cluster.options.serviceCIDRs = []
        let agent = try ServedAgent(
            in: namespace, cluster, following: server.url, missingRanges: .milliseconds(200))
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        #expect(agent.thread.log.text.contains("warning the API server does not tell its ServiceCIDRs"))
        isWell.withLock { $0 = true }
        cluster.manifests += "\n---\n" + ranges
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        try await agent.stop()
        await server.stop()
    }

    @Test("a node without addresses is waited for, though not for ever, and is no node without an object")
    func nodeWithoutAddresses() async throws {
        let server = try await LabServer()
        try server.load([.node(node(address: nil))] + objects(Self.manifests))
        let cluster = TestCluster(Self.manifests)
        let (patient, hasty) = (try NetworkLab.Namespace("patient"), try NetworkLab.Namespace("hasty"))
        let waiting = try ServedAgent(in: patient, cluster, following: server.url, missingNode: .seconds(60))
        let agent = try ServedAgent(in: hasty, cluster, following: server.url, missingNode: .milliseconds(200))
        #expect(try await waits(for: cluster.ruleset(), in: hasty))
        #expect(agent.thread.state.current.isNodeEligible)
        #expect(!agent.thread.log.text.contains("has no Node"))
        try await Task.sleep(for: .milliseconds(300))
        #expect(waiting.thread.state.current.lastUpdated == nil)
        try server.put(.node(node()))
        #expect(try await waits(for: cluster.ruleset(), in: patient))
        try await waiting.stop()
        try await agent.stop()
        await server.stop()
    }

    @Test("a repair that the kernel refuses is a change that waits, and a sync of no effect is a sync")
    func refusedRepair() async throws {
        let server = try await LabServer()
        try server.load([.node(node())] + objects(Self.manifests))
        let namespace = try NetworkLab.Namespace("refused")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(in: namespace, cluster, following: server.url)
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        let state = agent.thread.state
        // A label that nobody reads.
        try await waitUntil("the first is told") { state.current.metrics.lastSync != nil }
        let first = try #require(state.current.metrics.lastSync)
        var node = try node()
        node.meta.labels["some"] = "label"
        try server.put(.node(node))
        try await waitUntil("a sync of no effect") { state.current.metrics.lastSync.map { $0 > first } == true }

        // The table is another's, whose alone it is as long as they live (`flags owner`).
        let folder = try TemporaryFolder()
        let commands = "delete table ip ferrule; add table ip ferrule { flags owner; }"
        let owner = try namespace.start([
            // A pipe that nft itself holds open comes to no end.
            "sh", "-c", #"mkfifo "$0" && exec 3<>"$0" && echo "$1" >&3 && exec nft -i <&3"#,
            folder.url.appending(path: "commands").path, commands,
        ])
        try await waitUntil("it waits") { state.current.waitingSince != nil && state.current.metrics.failures > 0 }
        owner.kill()
        _ = try owner.result()
        try await waitUntil("it waits no more") { state.current.waitingSince == nil }
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        try await agent.stop()
        await server.stop()
    }

    @Test("an object that is not valid is said and counted, and what is wrong in it stops no other")
    func invalid() async throws {
        let server = try await LabServer()
        try server.put(.node(node()))
        let wrong = Manifests.objects(
            Manifests.service("no-address", "10.96.0.300", "tcp 80/TCP"),
            Manifests.service("no-port", "10.96.0.50", "tcp 0/TCP"),
            Manifests.service("thief", "10.96.0.10", "http 80/TCP"),
            Manifests.slice("db2", ["10.244.0.999 node-a", "10.244.1.20 node-b"], "tcp 5432/TCP"),
            Manifests.service("db2", "10.96.0.60", "tcp 5432/TCP"))
        for object in try objects(wrong) { try server.put(object) }
        for object in try objects(Self.manifests) { try server.put(object) }
        let namespace = try NetworkLab.Namespace("invalid")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(in: namespace, cluster, following: server.url)
        func served(_ address: String) throws -> Bool {
            try namespace.run(["nft", "list", "map", "ip", "ferrule", "services"]).standardOutput.contains(address)
        }
        try await waitUntil("the others are served") {
            try served("10.96.0.30") && served("10.96.0.60") && served("10.96.0.10")
        }
        // They are judged beside the work.
        try await waitUntil("they are counted") { agent.thread.state.current.metrics.invalidObjects >= 3 }
        #expect(agent.thread.state.current.metrics.invalidObjects == 3)
        for words in ["Service test/no-address", "Service test/no-port", "EndpointSlice test/db2-1"] {
            #expect(agent.thread.log.text.contains("warning \(words)"), "\(agent.thread.log.text)")
        }
        // What follows is followed.
        server.delete(.service, ObjectKey("test", "db2"))
        try await waitUntil("what is gone is served no more") { try !served("10.96.0.60") }
        try await agent.stop()
        await server.stop()
    }

    @Test(
        "that node ports are of another range than the default is said once, and not at all where the user has said the range",
        arguments: [(nil, 1), (20000...32767, 0)] as [(ClosedRange<Int>?, Int)])
    func nodePortRanges(_ range: ClosedRange<Int>?, _ count: Int) async throws {
        let server = try await LabServer()
        try server.load([.node(node())] + objects(Self.manifests))
        let namespace = try NetworkLab.Namespace("ranges")
        let agent = try ServedAgent(
            in: namespace, TestCluster(Self.manifests), following: server.url, nodePortRange: range)
        let limit = ContinuousClock.now + .seconds(60)
        for number in 1...4 {
            let service = Manifests.service("more-\(number)", "10.96.1.\(number)", "tcp 80/TCP \(20000 + number)")
            for object in try objects(service) { try server.put(object) }
            while agent.thread.state.current.metrics.services < 3 + number, .now < limit {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        // They are judged one after the other, so what comes of this one comes last.
        for object in try objects(Manifests.service("last", "10.96.0.300", "tcp 80/TCP")) { try server.put(object) }
        while !agent.thread.log.text.contains("Service test/last"), .now < limit {
            try await Task.sleep(for: .milliseconds(5))
        }
        let lines = agent.thread.log.text.split(separator: "\n")
        #expect(lines.contains { $0.contains("Service test/last") })
        #expect(lines.count { $0.contains("is outside") } == count, "\(lines)")
        try await agent.stop()
        await server.stop()
    }

    @Test("what goes on being wrong is said once, and the start is told the server once")
    func said() async throws {
        let server = try await LabServer()
        try server.load([.node(node())] + objects(Self.manifests))
        let namespace = try NetworkLab.Namespace("said")
        let cluster = TestCluster(Self.manifests)
        let agent = try ServedAgent(in: namespace, cluster, following: server.url)
        #expect(try await waits(for: cluster.ruleset(), in: namespace))
        #expect(server.events.count == 1)
        server.fail(.refuse(code: 503, reason: "ServiceUnavailable", message: "busy"), times: 1_000)
        server.endWatches()
        server.dropConnections()
        let count = server.requests.count
        try await waitUntil("it is tried again and again") { server.requests.count >= count + 40 }
        let lines = agent.thread.log.text.split(separator: "\n").filter { $0.contains("busy") }
        #expect(lines == ["warning the API server \(server.url) refuses: busy; what is known of the cluster holds"])
        try await agent.stop()
        await server.stop()
    }

    private func node(address: String? = "192.0.2.11") throws -> FerruleKubernetes.Node {
        let addresses = address.map { "{type: InternalIP, address: \($0)}" } ?? ""
        let text = "{apiVersion: v1, kind: Node, metadata: {name: node-a}, status: {addresses: [\(addresses)]}}"
        for case .node(let node) in try objects(text) { return node }
        throw TestMistake(description: "no node")
    }
}
