// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// What becomes of connections that are tracked but were never answered, when the ruleset changes: their packets meet its rules
/// no more than those of others, but they are none that anybody could miss.
@Suite("Unanswered flows over changes", .needsNamespaces)
struct UnansweredFlowTests {
    private static let endpoint: SliceEndpoint = "10.244.0.6 node-a"

    private func web(_ endpoints: SliceEndpoint..., ranges: String? = nil) -> String {
        Manifests.objects(
            Manifests.everywhere(
                "web", 10, spec: ranges.map { ["loadBalancerSourceRanges: [\"\($0)\"]"] } ?? []),
            Manifests.endpoints(of: "web", endpoints), StickyService.other)
    }

    /// One for each protocol, from a port that stays the same.
    private func probes(
        _ destination: String, _ port: UInt16, _ family: IPFamily, from client: String = "198.51.100.1"
    ) -> [Probe] {
        TransportProtocol.allCases.map { transport in
            Probe(
                from: Client(client.translated(to: family)), to: destination.translated(to: family), port, transport,
                sourcePort: 5555)
        }
    }

    /// While an endpoint is silent it gets packets and answers none.
    private func silence(_ node: AffinityLab, _ isSilent: Bool) throws {
        let pod = try node.lab.holder(of: node.address("10.244.0.6"))
        let table = "table inet silence { chain in { type filter hook input priority 0; th dport 8080 drop; }; }"
        try pod.load(isSilent ? table : "delete table inet silence")
    }

    @Test("Senders that source ranges leave out later are shut out, others stay", arguments: LabSetting.allCases)
    func closedRanges(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.apply(web(Self.endpoint))
        let closedOut = probes("203.0.113.110", 80, setting.family)
        let allowed = probes("203.0.113.110", 80, setting.family, from: "198.51.100.2")
        let elsewhere = probes("203.0.113.210", 80, setting.family) + probes("10.96.0.10", 80, setting.family)
        try silence(node, true)
        #expect(try node.lab.probe(closedOut + allowed + elsewhere).allSatisfy { $0 == .dropped })
        let ranges = "198.51.100.2/32".translated(to: setting.family)
        #expect(try node.apply(web(Self.endpoint, ranges: ranges)) == closedOut.count)
        try silence(node, false)
        #expect(try node.lab.probe(closedOut).allSatisfy { $0 == .dropped })
        #expect(try node.lab.probe(allowed + elsewhere).allSatisfy { $0.server == node.address("10.244.0.6") })
        #expect(try node.apply(web(Self.endpoint, ranges: ranges)) == 0, "nothing is left to remove")
    }

    @Test("A service that begins where packets pass already gets them", arguments: LabSetting.allCases)
    func begins(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.apply(StickyService.other)
        let addresses = [("10.96.0.10", UInt16(80)), ("203.0.113.110", 80), ("203.0.113.210", 80)]
        let flows = addresses.flatMap { probes($0, $1, setting.family) }
        #expect(try node.lab.probe(flows).allSatisfy { $0 == .dropped })
        #expect(try node.apply(web(Self.endpoint)) == flows.count)
        #expect(try node.lab.probe(flows).allSatisfy { $0.server == node.address("10.244.0.6") })
    }

    @Test(
        "A service without endpoints that begins there refuses them, on other ports of its ClusterIP too",
        arguments: LabSetting.allCases)
    func refuses(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.apply(StickyService.other)
        let flows = [("10.96.0.10", UInt16(80)), ("10.96.0.10", 81), ("203.0.113.110", 80)].flatMap {
            probes($0, $1, setting.family)
        }
        let passing = probes("203.0.113.110", 81, setting.family)
        #expect(try node.lab.probe(flows + passing).allSatisfy { $0 == .dropped })
        #expect(try node.apply(web()) == flows.count)
        for (flow, outcome) in zip(flows, try node.lab.probe(flows)) {
            #expect(outcome == .refused(flow.transport == .tcp ? .reset : .portUnreachable), "\(flow)")
        }
    }

    @Test("What is sent to an endpoint that is gone goes to another", arguments: LabSetting.allCases)
    func goneEndpoint(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.apply(web(Self.endpoint))
        try silence(node, true)
        let flows = [("10.96.0.10", UInt16(80)), ("192.0.2.11", 30110)].flatMap { probes($0, $1, setting.family) }
        #expect(try node.lab.probe(flows).allSatisfy { $0 == .dropped })
        #expect(try node.apply(web("10.244.1.6 node-b")) == flows.count)
        #expect(try node.lab.probe(flows).allSatisfy { $0.server == node.address("10.244.1.6") })
    }

    @Test("What other programs and hosts are sent stays tracked", arguments: LabSetting.allCases)
    func others(setting: LabSetting) throws {
        let node = try AffinityLab(setting)
        try node.apply(web(Self.endpoint))
        // Another program translates what goes to an address that is no service's.
        let (table, name) = setting.family == .ipv4 ? ("ip", "ip") : ("ip6", "ip6")
        try node.lab.node.load(
            """
            table \(table) other { chain in {
                type nat hook prerouting priority -110
                \(name) daddr \(node.address("203.0.113.77")) dnat to \(node.address("10.244.1.7"))
            }; }
            """)
        let flows =
            probes("203.0.113.77", 9000, setting.family)
            + probes("198.51.100.3", 30110, setting.family, from: "10.244.0.7")
            + probes("10.96.0.53", 9000, setting.family)
            + probes("10.244.0.6", 9000, setting.family, from: "10.244.0.7")
            + probes("192.0.2.11", 9000, setting.family) + probes("10.96.0.20", 80, setting.family)
        _ = try node.lab.probe(flows)
        let before = try tracked(node)
        #expect(before.count >= 10)
        for manifests in [web(), StickyService.other, web("10.244.1.6 node-b")] {
            #expect(try node.apply(manifests) == 0)
            #expect(try tracked(node) == before)
        }
    }

    /// The entries of the node, without what changes by itself.
    private func tracked(_ node: AffinityLab) throws -> Set<String> {
        let listing = try node.lab.node.output("conntrack", "-L", "-f", node.family == .ipv4 ? "ipv4" : "ipv6")
        return Set(
            listing.split(separator: "\n").map { line in
                line.split(separator: " ").filter { $0.contains("=") || $0.hasPrefix("[") }.joined(separator: " ")
            })
    }
}
