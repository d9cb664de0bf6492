// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// Rulesets applied to a node, and packets sent through it.
@Suite("Real packets", .needsNamespaces)
struct PacketTests {
    @Test("Packets go where the cluster says", arguments: PacketTheme.ofNFTables, IPFamily.allCases)
    func flows(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family)
        #expect(mistakes == [])
    }

    @Test(
        "The same where an agent hears of the objects one by one", arguments: PacketTheme.ofNFTables, IPFamily.allCases)
    func followed(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family, .following)
        #expect(mistakes == [])
    }
}

extension PacketTheme {
    static let all: [PacketTheme] = [
        clusterIPs, refusals, nodePorts, nodePortAddresses, externalAddresses, masquerade, hairpin, ports, pods,
        otherKinds,
    ]

    /// Those that `all` has no part in: iptables does otherwise, and kube-proxy too.
    static let ofNFTables: [PacketTheme] = all + [nodePortsOfClusterIPs]
}
