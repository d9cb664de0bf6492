// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// The reason why this suite cannot run here.
private let unavailability = Comment(rawValue: Namespace.unavailability ?? "namespaces are available")

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

    @Test("200 probes wait for the 50 drops among them together, which one by one take 15 seconds")
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
            #expect(clock.now - start < .seconds(5))
            for (index, outcome) in outcomes.enumerated() {
                #expect((outcome == .dropped) == (index % 4 == 0) && (outcome.server == nil) == (index % 4 == 0))
            }
        }
    }
}
