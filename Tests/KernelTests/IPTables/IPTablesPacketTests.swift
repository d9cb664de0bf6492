// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// The tables of packets through rules of iptables.
@Suite("Packets through iptables", .needsNamespaces)
struct IPTablesPacketTests {
    @Test(
        "go where the cluster and its policies say", arguments: PacketTheme.all + PacketTheme.policies,
        IPFamily.allCases)
    func flows(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family, .iptables(.nft))
        #expect(mistakes == [])
    }

    @Test(
        "go there by the legacy variant too", arguments: PacketTheme.ofLegacyIPTables, IPFamily.allCases)
    func legacy(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family, .iptables(.legacy))
        #expect(mistakes == [])
    }
}

extension PacketTheme {
    /// What the kernel does by other code than for the nft variant: marks, gotos, every match and target.
    static let ofLegacyIPTables: [PacketTheme] = all + policies
}
