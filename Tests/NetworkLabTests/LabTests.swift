// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// The reason why these suites cannot run here.
private let unavailability = Comment(rawValue: Namespace.unavailability ?? "namespaces are available")

@Suite("The lab without a ruleset", .enabled(if: Namespace.isRequiredOrAvailable, unavailability))
struct ReachabilityTests {
    private static let paths: [(Client, String)] = [
        ("10.244.0.6", "10.244.0.7"), ("10.244.0.7", "10.244.1.6"), ("10.244.1.7", "10.244.0.6"),
        ("198.51.100.1", "10.244.0.6"), ("198.51.100.4", "10.244.1.7"),
        ("fd00:10:244::6", "fd00:10:244::7"), ("fd00:10:244::7", "fd00:10:244:1::6"),
        ("fd00:10:244:1::7", "fd00:10:244::6"), ("2001:db8:ffff::1", "fd00:10:244::6"),
        ("2001:db8:ffff::4", "fd00:10:244:1::7"),
    ]

    @Test("Everybody reaches every pod in both families and three protocols, with its own address")
    func everybodyReachesPods() throws {
        try Lab.with { lab in
            try lab.serve([80])
            for transport in TransportProtocol.allCases {
                let outcomes = try lab.probe(Self.paths.map { Probe(from: $0, to: $1, 80, transport) })
                for ((client, server), outcome) in zip(Self.paths, outcomes) {
                    guard case .address(let source) = client else { continue }
                    #expect(outcome == .answered(by: address(server), port: 80, seenSource: source))
                }
            }
        }
    }

    @Test("The node reaches pods from its first address", arguments: TransportProtocol.allCases)
    func nodeReachesPods(transport: TransportProtocol) throws {
        try Lab.with { lab in
            try lab.serve([80])
            let probes = lab.topology.servers.map { Probe(from: .node, to: $0, 80, transport) }
            for (probe, outcome) in zip(probes, try lab.probe(probes)) {
                let source = try #require(lab.topology.nodeAddress(probe.destination.family))
                #expect(outcome == .answered(by: probe.destination, port: 80, seenSource: source))
            }
        }
    }

    @Test("A chosen source port is used, and ports where nobody listens are refused")
    func portsAreHonest() throws {
        try Lab.with { lab in
            try lab.serve([80, 81])
            try lab.serve([82], [.sctp])
            let pod = address("10.244.0.6")
            let refusals: [(TransportProtocol, Refusal)] = [(.tcp, .reset), (.udp, .portUnreachable), (.sctp, .abort)]
            for (transport, refusal) in refusals {
                let chosen = Probe(from: "198.51.100.1", to: pod, 81, transport, sourcePort: 5555)
                #expect(try lab.probe(chosen).server == pod)
                #expect(try lab.probe(Probe(from: .node, to: pod, 83, transport)) == .refused(refusal))
            }
            #expect(try lab.probe(Probe(from: .node, to: pod, 82, .sctp)).server == pod)
        }
    }

    @Test("A namespace without an SCTP server says that it does not know the protocol")
    func unknownProtocol() throws {
        try Lab.with { lab in
            for pod in lab.topology.localPods[0] {
                let outcome = try lab.probe(Probe(from: .node, to: pod, 80, .sctp))
                #expect(outcome == .refused(.protocolUnreachable))
            }
        }
    }

    @Test("Addresses that nobody holds are dropped in the outside")
    func unknownAddresses() throws {
        try Lab.with { lab in
            let probes = ["10.96.9.9", "fd00:10:96::99"].flatMap { destination in
                TransportProtocol.allCases.map { Probe(from: .node, to: destination, 80, $0) }
            }
            let outcomes = try lab.probe(probes)
            #expect(outcomes.allSatisfy { $0 == .dropped })
        }
    }
}

@Suite("The lab with a hand-written ruleset", .enabled(if: Namespace.isRequiredOrAvailable, unavailability))
struct OutcomeTests {
    /// A pod, an outside client and the node, in both families.
    private static let clients: [(client: Client, vipPrefix: String)] = [
        ("10.244.0.7", "10.96.0."), ("198.51.100.2", "10.96.0."), (.node, "10.96.0."),
        ("fd00:10:244::7", "fd00:10:96::"), ("2001:db8:ffff::2", "fd00:10:96::"), (.node, "fd00:10:96::"),
    ]

    private func vip(_ number: Int, _ prefix: String) -> IPAddress {
        address(prefix + String(9 + number, radix: prefix.hasSuffix(":") ? 16 : 10))
    }

    @Test("DNAT spreads over both endpoints and outsiders are masqueraded", arguments: TransportProtocol.allCases)
    func spreads(transport: TransportProtocol) throws {
        try Lab.with { lab in
            try lab.serve([80])
            try lab.node.load(serviceRuleset)
            for (client, prefix) in Self.clients {
                let destination = vip(1, prefix)
                let probe = Probe(from: client, to: destination, 80, transport)
                let outcomes = try lab.probe(Array(repeating: probe, count: 4))
                let servers = addresses("10.244.0.6", "10.244.1.6", "fd00:10:244::6", "fd00:10:244:1::6")
                #expect(
                    outcomes.compactMap(\.server).sorted()
                        == servers.filter { $0.family == destination.family }.flatMap { [$0, $0] })
                let pods = [try #require(Prefix("10.244.0.0/16")), try #require(Prefix("fd00:10:244::/48"))]
                for source in outcomes.compactMap(\.seenSource) {
                    if case .address(let own) = client, pods.contains(where: { $0.contains(own) }) {
                        #expect(source == own)
                    } else {
                        #expect(source == lab.topology.nodeAddress(destination.family))
                    }
                }
            }
        }
    }

    @Test("A pod that is its own service's endpoint is answered by hairpin", arguments: TransportProtocol.allCases)
    func hairpins(transport: TransportProtocol) throws {
        try Lab.with { lab in
            try lab.serve([80])
            try lab.node.load(serviceRuleset)
            for (pod, prefix) in zip(lab.topology.localPods[0], ["10.96.0.", "fd00:10:96::"]) {
                let outcome = try lab.probe(Probe(from: .address(pod), to: vip(2, prefix), 80, transport))
                let node = try #require(lab.topology.nodeAddress(pod.family))
                #expect(outcome == .answered(by: pod, port: 80, seenSource: node))
            }
        }
    }

    @Test("Each kind of refusal is told apart, many in a row too, and a drop is neither")
    func refusesAndDrops() throws {
        try Lab.with { lab in
            try lab.node.load(serviceRuleset)
            var probes: [Probe] = []
            var expected: [Outcome] = []
            for _ in 0..<5 {
                for (client, prefix) in Self.clients {
                    for transport in TransportProtocol.allCases {
                        probes += (3...5).map { Probe(from: client, to: vip($0, prefix), 80, transport) }
                        expected += [
                            .refused(transport == .tcp ? .reset : .portUnreachable), .refused(.portUnreachable),
                            .dropped,
                        ]
                    }
                }
            }
            for (probe, (outcome, expected)) in zip(probes, zip(try lab.probe(probes), expected)) {
                #expect(outcome == expected, "\(probe)")
            }
        }
    }

    @Test("200 probes with 50 drops among them take less than a second")
    func manyProbesAtOnce() throws {
        try Lab.with { lab in
            try lab.serve([80])
            try lab.node.load(serviceRuleset)
            let probes = (0..<200).map { index in
                Probe(
                    from: Self.clients[index % 3].client, to: vip(index % 4 == 0 ? 5 : 1, "10.96.0."), 80,
                    TransportProtocol.allCases[index % 7 % 3])
            }
            let clock = ContinuousClock()
            let start = clock.now
            let outcomes = try lab.probe(probes)
            #expect(clock.now - start < .seconds(1))
            for (index, outcome) in outcomes.enumerated() {
                #expect((outcome == .dropped) == (index % 4 == 0) && (outcome.server == nil) == (index % 4 == 0))
            }
        }
    }
}
