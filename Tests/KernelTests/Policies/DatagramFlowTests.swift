// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import NetworkLab
import Testing

/// What becomes of flows that the kernel tracks when endpoints change.
@Suite("Flows over changes", .needsNamespaces)
struct DatagramFlowTests {
    private static let here: SliceEndpoint = "10.244.0.6 node-a"
    private static let there: SliceEndpoint = "10.244.1.6 node-b"

    private func web(_ endpoints: SliceEndpoint..., spec: [String] = []) -> String {
        Manifests.objects(
            Manifests.everywhere("web", 10, spec: spec), Manifests.endpoints(of: "web", endpoints),
            Manifests.everywhere("other", 20), Manifests.endpoints(of: "other", ["10.244.0.7 node-a"]))
    }

    private func ruleset(_ manifests: String, _ family: IPFamily, allAddresses: Bool = false) throws -> Ruleset {
        var cluster = TestCluster(manifests.translated(to: family))
        if allAddresses { cluster.options.nodePortAddresses = .within(prefixes("0.0.0.0/0", "::/0")) }
        return try cluster.ruleset()
    }

    /// A flow from a port that stays the same.
    private func probe(
        _ destination: String, _ port: UInt16, _ transport: TransportProtocol, _ family: IPFamily,
        from client: String = "198.51.100.1"
    ) -> Probe {
        Probe(
            from: client == "node" ? .node : Client(client.translated(to: family)), to: destination.translated(to: family),
            port, transport, sourcePort: 5555)
    }

    private static let addresses = [
        ("10.96.0.10", UInt16(80)), ("203.0.113.110", 80), ("203.0.113.210", 80), ("192.0.2.11", 30110),
    ]

    @Test("UDP flows move to the new endpoint, others stay", arguments: IPFamily.allCases, [false, true])
    func replacement(family: IPFamily, allAddresses: Bool) throws {
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            try lab.node.replace(with: try ruleset(web(Self.here), family, allAddresses: allAddresses))
            let old = address("10.244.0.6".translated(to: family))
            let new = address("10.244.1.6".translated(to: family))
            let flows = Self.addresses.map { probe($0, $1, .udp, family) }
                + [probe("10.96.0.10", 80, .udp, family, from: "10.244.0.7"), probe("10.96.0.10", 80, .udp, family, from: "node")]
            let untouched = Self.addresses.map { probe($0, $1, .sctp, family) }
            let others = [
                probe("10.96.0.20", 80, .udp, family), probe("10.244.0.6", 8080, .udp, family),
                probe("10.244.0.6", 80, .udp, family, from: "10.244.0.7"),
            ]
            #expect(try lab.probe(flows + untouched).allSatisfy { $0.server == old })
            let before = try lab.probe(others)
            let connections = try Self.addresses.map { try lab.open(probe($0, $1, .tcp, family)) }

            #expect(try lab.node.replace(with: try ruleset(web(Self.here, Self.there), family)) == 0)
            #expect(try lab.probe(flows).allSatisfy { $0.server == old }, "their endpoint is still there")
            let removed = try lab.node.replace(with: try ruleset(web(Self.there), family, allAddresses: allAddresses))
            #expect(removed == flows.count)
            #expect(try lab.probe(flows).allSatisfy { $0.server == new })
            #expect(try lab.probe(untouched).allSatisfy { $0.server == old })
            #expect(try lab.probe(others) == before)
            for connection in connections {
                #expect(connection.greeting.server == old)
                #expect(connection.ask() == connection.greeting)
            }
            #expect(try lab.node.replace(with: try ruleset(web(Self.there), family)) == 0, "nothing is left to remove")
        }
    }

    @Test("Policies and hints move no flow, and endpoints that still serve keep theirs", arguments: IPFamily.allCases)
    func policies(family: IPFamily) throws {
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            try lab.node.replace(with: try ruleset(web(Self.there), family))
            let flows = Self.addresses.map { probe($0, $1, .udp, family) }
            let before = try lab.probe(flows)
            let leaving = Self.there.conditions("ready: false, serving: true, terminating: true")
            for manifests in [
                web(Self.here, Self.there, spec: ["externalTrafficPolicy: Local", "internalTrafficPolicy: Local"]),
                web(Self.here, leaving), web(leaving),
                // Without any endpoint there is nowhere to move to.
                web(),
            ] {
                #expect(try lab.node.replace(with: try ruleset(manifests, family)) == 0)
                #expect(try lab.probe(flows) == before)
            }
            let stopped = Self.there.conditions("ready: false, serving: false, terminating: true")
            #expect(try lab.node.replace(with: try ruleset(web(Self.here, stopped), family)) == flows.count)
        }
    }

    @Test("A flow from before the service was there is given to it", arguments: IPFamily.allCases)
    func blackHole(family: IPFamily) throws {
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            try lab.node.replace(with: try ruleset(web(Self.here).replacing("203.0.113.110", with: "203.0.113.130"), family))
            let flow = probe("203.0.113.110", 80, .udp, family)
            #expect(try lab.probe(flow) == .dropped)
            try lab.node.replace(with: try ruleset(web(Self.here), family))
            #expect(try lab.probe(flow).server == address("10.244.0.6".translated(to: family)))
        }
    }

    @Test("Flows to others at the number of a node port stay", arguments: IPFamily.allCases)
    func foreignFlows(family: IPFamily) throws {
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            try lab.serve([30110], [.udp], on: [address("198.51.100.3".translated(to: family))])
            try lab.node.replace(with: try ruleset(web(Self.here), family))
            let foreign = probe("198.51.100.3", 30110, .udp, family, from: "10.244.0.7")
            let before = try lab.probe(foreign)
            #expect(before.server != nil)
            #expect(try lab.node.replace(with: try ruleset(web(Self.there), family)) == 0)
            #expect(try lab.probe(foreign) == before)
        }
    }
}
