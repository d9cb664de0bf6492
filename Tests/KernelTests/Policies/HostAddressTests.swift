// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// The command `apply` looks at the interfaces of the node that it runs on.
@Suite("Addresses that only the host knows", .needsNamespaces)
struct HostAddressTests {
    private func apply(_ affinity: AffinityLab, _ endpoints: [SliceEndpoint], _ ranges: String) throws {
        try affinity.apply(
            StickyService(endpoints: endpoints).manifests, arguments: "--nodeport-addresses", ranges)
    }

    @Test(
        "Clients of such a node address are remembered, and their UDP flows move", arguments: LabSetting.allCases,
        ["203.0.113.0/24,2001:db8:cb::/64", "0.0.0.0/0,::/0"])
    func unsaidAddress(setting: LabSetting, ranges: String) throws {
        let affinity = try AffinityLab(setting)
        try apply(affinity, StickyService.allEndpoints, ranges)
        let first = try affinity.servers("203.0.113.11", 30110)
        for _ in 0..<3 { #expect(try affinity.servers("203.0.113.11", 30110) == first) }
        #expect(try affinity.servers("10.96.0.10") == first)

        let flow = Probe(
            from: .address(affinity.address("198.51.100.1")), to: affinity.address("203.0.113.11"), 30110, .udp,
            sourcePort: 5555)
        let foreign = Probe(
            from: .address(affinity.address("10.244.0.7")), to: affinity.address("198.51.100.3"), 30110, .udp,
            sourcePort: 5555)
        try affinity.lab.serve([30110], [.udp], on: [affinity.address("198.51.100.3")])
        _ = try affinity.lab.probe([flow, foreign])
        try apply(affinity, ["10.244.1.7 node-b"], ranges)
        #expect(try affinity.lab.probe(flow).server == affinity.address("10.244.1.7"))
        #expect(try affinity.lab.probe(foreign).server == affinity.address("198.51.100.3"))
    }
}
