// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Foundation
import NetworkLab
import Synchronization
import Testing

/// New connections while the endpoints of their service change without pause.
@Suite("Traffic during changes", .needsNamespaces, .serialized)
struct TrafficTests {
    /// The endpoints that were or became those of the service from a moment on.
    private struct Epoch {
        let start: ContinuousClock.Instant
        let servers: Set<IPAddress>
        /// When nothing else served any more.
        var others: ContinuousClock.Instant
    }

    /// What the updating thread says of its progress.
    private final class Timeline: Sendable {
        let epochs = Mutex<[Epoch]>([])
        let failure = Mutex<String?>(nil)
        let isOver = Atomic(false)

        /// The endpoints that served at any time between two moments.
        func servers(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> Set<IPAddress> {
            epochs.withLock { epochs in
                var found: Set<IPAddress> = []
                for (index, epoch) in epochs.enumerated() where epoch.start <= end {
                    let leaves = index + 1 < epochs.count ? epochs[index + 1].others : end
                    if leaves >= start { found.formUnion(epoch.servers) }
                }
                return found
            }
        }
    }

    private static let changes = 300
    private static let pods = ["10.244.0.6 node-a", "10.244.0.7 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b"]

    private func ruleset(_ pods: [String], _ family: IPFamily) throws -> Ruleset {
        let manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
            Manifests.slice("web", pods, "http 8080/TCP", "dns 8080/UDP"))
        return try TestCluster(manifests.translated(to: family)).ruleset()
    }

    /// Endpoints are replaced, added and removed; there are between one and three.
    private func steps(_ family: IPFamily) throws -> [(ruleset: Ruleset, servers: Set<IPAddress>)] {
        let choices = [
            [0, 1], [0, 1, 2], [0, 1], [1, 0, 3], [3, 1], [2, 1], [2], [2, 3], [0, 2, 3], [2, 0], [1, 0],
        ]
        return try choices.map { choice in
            let pods = choice.map { Self.pods[$0] }
            let servers = pods.map { address(String($0.prefix { $0 != " " }).translated(to: family)) }
            return (try ruleset(pods, family), Set(servers))
        }
    }

    private func probes(_ family: IPFamily) throws -> [Probe] {
        let flows = [
            "10.244.0.6 10.96.0.10 80 tcp", "10.244.0.7 10.96.0.10 53 udp", "198.51.100.1 192.0.2.11 30080 tcp",
            "198.51.100.2 192.0.2.11 30053 udp", "198.51.100.3 10.96.0.10 80 tcp", "198.51.100.4 10.96.0.10 53 udp",
        ]
        return flows.map { flow in
            let words = flow.translated(to: family).split(separator: " ").map(String.init)
            let transport: TransportProtocol = words[3] == "tcp" ? .tcp : .udp
            return Probe(from: Client(words[0]), to: address(words[1]), UInt16(words[2]) ?? 0, transport)
        }
    }

    @Test(
        "None is lost, refused, untranslated, or answered by an endpoint that had gone before",
        arguments: IPFamily.allCases)
    func hammered(family: IPFamily) throws {
        let steps = try steps(family)
        let probes = try probes(family)
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            // Each change looks at all tracked connections: those that are over need not be among them.
            let states = ["close", "close_wait", "fin_wait", "last_ack", "time_wait"].map { "tcp_timeout_\($0)" }
            for timeout in states + ["udp_timeout", "udp_timeout_stream"] {
                try lab.node.write("net/netfilter/nf_conntrack_\(timeout)", "1")
            }
            let timeline = Timeline()
            try lab.node.update(to: steps[0].ruleset)
            timeline.epochs.withLock {
                $0.append(Epoch(start: .now, servers: steps[0].servers, others: .now))
            }
            Thread.detachNewThread {
                defer { timeline.isOver.store(true, ordering: .releasing) }
                for number in 1...Self.changes {
                    let step = steps[number % steps.count]
                    let start = ContinuousClock.now
                    // It may serve as soon as it is being committed, and the others until that is done.
                    timeline.epochs.withLock {
                        $0.append(Epoch(start: start, servers: step.servers, others: start + .seconds(3600)))
                    }
                    do {
                        try lab.node.update(to: step.ruleset)
                    } catch {
                        timeline.failure.withLock { $0 = "change \(number): \(error)" }
                        return
                    }
                    timeline.epochs.withLock { $0[$0.count - 1].others = .now }
                }
            }
            let count = try hammer(lab, probes, timeline)
            #expect(timeline.failure.withLock { $0 } == nil)
            #expect(timeline.epochs.withLock { $0.count } == Self.changes + 1)
            #expect(count.connections > 300)
            // What meets a slot that has just gone and comes again a second later.
            #expect(count.repeated * 100 <= count.connections, "\(count)")
        }
    }

    private func hammer(
        _ lab: Lab, _ probes: [Probe], _ timeline: Timeline
    ) throws -> (connections: Int, repeated: Int) {
        var (connections, repeated) = (0, 0)
        while !timeline.isOver.load(ordering: .acquiring) {
            let start = ContinuousClock.now
            var outcomes = try lab.probe(probes, timeout: .seconds(3))
            // The kernel repeats what TCP misses; a program that uses UDP has to do it by itself.
            for (index, probe) in probes.enumerated() where probe.transport == .udp && outcomes[index] == .dropped {
                outcomes[index] = try lab.probe(probe, timeout: .seconds(3))
            }
            let end = ContinuousClock.now
            let servers = timeline.servers(from: start, to: end)
            for (probe, outcome) in zip(probes, outcomes) {
                let isRight = outcome.server.map(servers.contains) == true
                if !isRight { Issue.record("\(probe): \(outcome), while there were \(servers)") }
            }
            connections += outcomes.count
            if end - start > .milliseconds(900) { repeated += 1 }
        }
        return (connections, repeated)
    }
}
