// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleCluster
import FerruleManifests
import FerruleNetwork
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

    /// How changes reach the kernel.
    enum Way: CaseIterable {
        /// As by `ferrule apply`.
        case update
        /// As by `ferrule run`.
        case agent

        /// Each looks at all tracked connections, which takes the tests' build a while.
        var changes: Int {
            Int(ProcessInfo.processInfo.environment["FERRULE_CHANGES"] ?? "") ?? (self == .update ? 300 : 100)
        }
    }

    /// A round of probes begins each so often, at the soonest. A change looks at all tracked connections, for which the tests'
    /// build takes long: of more of them there would be fewer changes beside each.
    private static let pace = Duration.milliseconds(20)

    private static let pods = ["10.244.0.6 node-a", "10.244.0.7 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b"]

    private func manifests(_ pods: [String], _ family: IPFamily) -> String {
        let manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", "dns 53/UDP 30053"),
            Manifests.slice("web", pods, "http 8080/TCP", "dns 8080/UDP"))
        return manifests.translated(to: family)
    }

    private struct Step {
        let manifests: String
        let servers: Set<IPAddress>
    }

    /// Has the definitions of a step reach the kernel.
    private struct Carrier: Sendable {
        let carry: @Sendable (Int) throws -> Void
        var stop: @Sendable () throws -> Void = {}
    }

    private func carrier(_ way: Way, _ node: NetworkLab.Namespace, _ steps: [Step]) throws -> Carrier {
        switch way {
        case .update:
            let rulesets = try steps.map { try TestCluster($0.manifests).ruleset() }
            return Carrier { try node.update(to: rulesets[$0]) }
        case .agent:
            let agent = try AgentThread(in: node, TestCluster(steps[0].manifests))
            let changes = try steps.map { step in
                try ManifestReader { Data(step.manifests.utf8) }.read(["-"]).objects.changes
            }
            agent.mailbox.complete()
            return Carrier(carry: { try agent.put(changes[$0]) }, stop: agent.stop)
        }
    }

    /// Endpoints are replaced, added and removed; there are between one and three.
    private func steps(_ family: IPFamily) -> [Step] {
        let choices = [
            [0, 1], [0, 1, 2], [0, 1], [1, 0, 3], [3, 1], [2, 1], [2], [2, 3], [0, 2, 3], [2, 0], [1, 0],
        ]
        return choices.map { choice in
            let pods = choice.map { Self.pods[$0] }
            let servers = pods.map { address(String($0.prefix { $0 != " " }).translated(to: family)) }
            return Step(manifests: manifests(pods, family), servers: Set(servers))
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
        arguments: IPFamily.allCases, Way.allCases)
    func hammered(family: IPFamily, way: Way) throws {
        let steps = steps(family)
        let probes = try probes(family)
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            // Each change looks at all tracked connections: those that are over need not be among them.
            let states = ["close", "close_wait", "fin_wait", "last_ack", "time_wait"].map { "tcp_timeout_\($0)" }
            for timeout in states + ["udp_timeout", "udp_timeout_stream"] {
                try lab.node.write("net/netfilter/nf_conntrack_\(timeout)", "1")
            }
            let timeline = Timeline()
            let carrier = try carrier(way, lab.node, steps)
            defer { try? carrier.stop() }
            try carrier.carry(0)
            timeline.epochs.withLock {
                $0.append(Epoch(start: .now, servers: steps[0].servers, others: .now))
            }
            Thread.detachNewThread {
                defer { timeline.isOver.store(true, ordering: .releasing) }
                for number in 1...way.changes {
                    let place = number % steps.count
                    let step = steps[place]
                    let start = ContinuousClock.now
                    // It may serve as soon as it is being committed, and the others until that is done.
                    timeline.epochs.withLock {
                        $0.append(Epoch(start: start, servers: step.servers, others: start + .seconds(3600)))
                    }
                    do {
                        try carrier.carry(place)
                    } catch {
                        timeline.failure.withLock { $0 = "change \(number): \(error)" }
                        return
                    }
                    timeline.epochs.withLock { $0[$0.count - 1].others = .now }
                }
            }
            let lasting = try probes.filter { $0.transport == .tcp }.map { try lab.open($0) }
            let count = try hammer(lab, probes, timeline)
            for connection in lasting {
                #expect(connection.greeting.server != nil && connection.ask() == connection.greeting)
            }
            #expect(timeline.failure.withLock { $0 } == nil)
            #expect(timeline.epochs.withLock { $0.count } == way.changes + 1)
            #expect(count.connections > way.changes)
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
            let rest = Self.pace - (ContinuousClock.now - start)
            if rest > .zero { Thread.sleep(forTimeInterval: rest / .seconds(1)) }
        }
        return (connections, repeated)
    }
}
