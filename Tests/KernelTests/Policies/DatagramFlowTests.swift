// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// What becomes of flows that the kernel tracks when endpoints change.
@Suite("Flows over changes", .needsNamespaces)
struct DatagramFlowTests {
    private static let here: SliceEndpoint = "10.244.0.6 node-a"
    private static let there: SliceEndpoint = "10.244.1.6 node-b"

    private func web(_ endpoints: SliceEndpoint..., spec: [String] = []) -> String {
        Manifests.objects(
            Manifests.everywhere("web", 10, spec: spec), Manifests.endpoints(of: "web", endpoints), Self.other)
    }

    /// Another service, of no concern.
    private static let other = Manifests.objects(
        Manifests.everywhere("other", 20), Manifests.endpoints(of: "other", ["10.244.0.7 node-a"]))

    /// How many flows an apply removes.
    private func apply(_ node: AffinityLab, _ manifests: String, _ arguments: String = "primary") throws -> Int {
        try node.apply(manifests, arguments: "--nodeport-addresses", arguments)
    }

    /// A flow from a port that stays the same.
    private func probe(
        _ destination: String, _ port: UInt16, _ transport: TransportProtocol, _ family: IPFamily,
        from client: String = "198.51.100.1"
    ) -> Probe {
        Probe(
            from: client == "node" ? .node : Client(client.translated(to: family)),
            to: destination.translated(to: family),
            port, transport, sourcePort: 5555)
    }

    private static let addresses = [
        ("10.96.0.10", UInt16(80)), ("203.0.113.110", 80), ("203.0.113.210", 80), ("192.0.2.11", 30110),
    ]

    @Test(
        "UDP flows move to the new endpoint, others stay", arguments: LabSetting.allCases,
        ["primary", "0.0.0.0/0,::/0"])
    func replacement(setting: LabSetting, nodePortAddresses: String) throws {
        let node = try AffinityLab(setting)
        let lab = node.lab
        _ = try apply(node, web(Self.here), nodePortAddresses)
        let (old, new) = (node.address("10.244.0.6"), node.address("10.244.1.6"))
        let flows =
            Self.addresses.map { probe($0, $1, .udp, setting.family) }
            + ["10.244.0.7", "node"].map { probe("10.96.0.10", 80, .udp, setting.family, from: $0) }
        let untouched = Self.addresses.map { probe($0, $1, .sctp, setting.family) }
        let others = [
            probe("10.96.0.20", 80, .udp, setting.family), probe("10.244.0.6", 8080, .udp, setting.family),
            probe("10.244.0.6", 80, .udp, setting.family, from: "10.244.0.7"),
        ]
        #expect(try lab.probe(flows + untouched).allSatisfy { $0.server == old })
        let before = try lab.probe(others)
        let connections = try Self.addresses.map { try lab.open(probe($0, $1, .tcp, setting.family)) }

        #expect(try apply(node, web(Self.here, Self.there), nodePortAddresses) == 0)
        #expect(try lab.probe(flows).allSatisfy { $0.server == old }, "their endpoint is still there")
        #expect(try apply(node, web(Self.there), nodePortAddresses) == flows.count)
        #expect(try lab.probe(flows).allSatisfy { $0.server == new })
        #expect(try lab.probe(untouched).allSatisfy { $0.server == old })
        #expect(try lab.probe(others) == before)
        for connection in connections {
            #expect(connection.greeting.server == old)
            #expect(connection.ask() == connection.greeting)
        }
        #expect(try apply(node, web(Self.there), nodePortAddresses) == 0, "nothing is left to remove")
    }

    @Test("Policies move no flow, and endpoints that still serve keep theirs", arguments: LabSetting.allCases)
    func policies(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        _ = try apply(node, web(Self.there))
        let flows = Self.addresses.map { probe($0, $1, .udp, setting.family) }
        let before = try node.lab.probe(flows)
        let leaving = Self.there.conditions("ready: false, serving: true, terminating: true")
        for manifests in [
            web(Self.here, Self.there, spec: ["externalTrafficPolicy: Local", "internalTrafficPolicy: Local"]),
            web(Self.here, leaving), web(leaving),
        ] {
            #expect(try apply(node, manifests) == 0)
            #expect(try node.lab.probe(flows) == before)
        }
        let stopped = Self.there.conditions("ready: false, serving: false, terminating: true")
        #expect(try apply(node, web(Self.here, stopped)) == flows.count)
        #expect(try node.lab.probe(flows).allSatisfy { $0.server == node.address("10.244.0.6") })
    }

    @Test("Flows follow an endpoint to another port", arguments: LabSetting.allCases)
    func targetPort(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        _ = try apply(node, web(Self.here))
        let flows = Self.addresses.map { probe($0, $1, .udp, setting.family) }
        let before = try node.lab.probe(flows)
        #expect(before.allSatisfy { $0.port == 8080 })
        let moved = web(Self.here).replacing("port: 8080", with: "port: 8081")
        #expect(try apply(node, moved) == flows.count)
        let after = try node.lab.probe(flows)
        #expect(after.allSatisfy { $0.port == 8081 })
        #expect(after.map(\.server) == before.map(\.server))
    }

    @Test(
        "Flows end with the last endpoint, and with their service", arguments: LabSetting.allCases,
        ["primary", "0.0.0.0/0,::/0"])
    func lastEndpoint(setting: LabSetting, nodePortAddresses: String) throws {
        let node = try AffinityLab(setting)
        let flows = Self.addresses.map { probe($0, $1, .udp, setting.family) }
        let others = [probe("10.96.0.20", 80, .udp, setting.family), probe("192.0.2.11", 30120, .udp, setting.family)]
        let stopped = Self.here.conditions("ready: false, serving: false, terminating: true")
        let withoutEndpoint = [web(), web(stopped)]
        for manifests in withoutEndpoint + [Self.other] {
            _ = try apply(node, web(Self.here), nodePortAddresses)
            let before = try node.lab.probe(others)
            let connection = try node.lab.open(probe("10.96.0.10", 80, .tcp, setting.family))
            #expect(try node.lab.probe(flows).allSatisfy { $0.server == node.address("10.244.0.6") })
            #expect(try apply(node, manifests, nodePortAddresses) == flows.count)
            let after = try node.lab.probe(flows)
            // Without a service the node's own stack refuses the node port; other addresses are nowhere.
            let isRefused = withoutEndpoint.contains(manifests)
            for (flow, outcome) in zip(flows, after) {
                let isOwn = node.lab.topology.node.contains(flow.destination)
                #expect(outcome == (isRefused || isOwn ? .refused(.portUnreachable) : .dropped), "\(flow)")
            }
            #expect(connection.ask() == connection.greeting)
            #expect(try node.lab.probe(others) == before)
        }
    }

    @Test("An answered flow stays when source ranges leave its sender out", arguments: LabSetting.allCases)
    func sourceRanges(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        _ = try apply(node, web(Self.here))
        let flow = probe("203.0.113.110", 80, .udp, setting.family)
        let before = try node.lab.probe(flow)
        let others = "\"198.51.100.2/32\""
        #expect(try apply(node, web(Self.here, spec: ["loadBalancerSourceRanges: [\(others)]"])) == 0)
        #expect(try node.lab.probe(flow) == before)
        var another = flow
        another.sourcePort = 5556
        #expect(try node.lab.probe(another) == .dropped)
    }

    @Test("A flow from before the service was there is given to it", arguments: LabSetting.allCases)
    func blackHole(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        _ = try apply(node, web(Self.here).replacing("203.0.113.110", with: "203.0.113.130"))
        let flow = probe("203.0.113.110", 80, .udp, setting.family)
        #expect(try node.lab.probe(flow) == .dropped)
        #expect(try apply(node, web(Self.here)) == 1)
        #expect(try node.lab.probe(flow).server == node.address("10.244.0.6"))
    }

    @Test("Of two services that claim one address the one that has it decides", arguments: LabSetting.allCases)
    func claimedTwice(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        let claims = Manifests.objects(
            web(Self.here),
            Manifests.service(
                "zzz", "10.96.0.30", "udp 80/UDP", "again 30110/UDP",
                spec: "externalIPs: [\"203.0.113.110\", \"203.0.113.210\", \"192.0.2.11\"]"),
            Manifests.slice("zzz", ["10.244.1.7 node-b"], "udp 8080/UDP", "again 8080/UDP"))
        _ = try apply(node, claims)
        let flows = Self.addresses.map { probe($0, $1, .udp, setting.family) }
        let before = try node.lab.probe(flows)
        let (web, other) = (node.address("10.244.0.6"), node.address("10.244.1.7"))
        // The external IP of the node comes before the node port.
        #expect(before.map(\.server) == [web, web, web, other])
        #expect(try apply(node, claims) == 0)
        #expect(try node.lab.probe(flows) == before)
    }

    @Test("Flows to others at the number of a node port stay", arguments: LabSetting.allCases)
    func foreignFlows(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.lab.serve([30110], [.udp], on: [node.address("198.51.100.3")])
        _ = try apply(node, web(Self.here))
        let foreign = probe("198.51.100.3", 30110, .udp, setting.family, from: "10.244.0.7")
        let before = try node.lab.probe(foreign)
        #expect(before.server != nil)
        #expect(try apply(node, web(Self.there)) == 0)
        #expect(try node.lab.probe(foreign) == before)
    }
}
