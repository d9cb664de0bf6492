// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import Testing

/// What a table serves, read from its rules and elements.
struct ServedAddressesTests {
    private static let own = IPAddress(ipv4: 0xc000_020b)
    private static let ranges = ["192.0.2.0/24", "203.0.113.0/25"].compactMap { Prefix($0) }

    @Test(
        "it is where the cluster's services are served",
        arguments: [
            .all(known: [own]), .listed([own]), .within(ranges, known: []),
        ] as [NodePortAddresses])
    func readsBack(addresses: NodePortAddresses) throws {
        for seed in 1...5 {
            let cluster = try TestCluster.random(seed)
            let ruleset = try cluster.ruleset(nodePortAddresses: addresses)
            let (table, served) = (try #require(ruleset.tables.first), try #require(ruleset.served[.ipv4]))
            let read = ServedAddresses(of: table)
            #expect(read.services.keys == served.services.keys && read.nodePorts.keys == served.nodePorts.keys)
            #expect(!read.services.isEmpty && read.services.services.allSatisfy(\.endpoints.isEmpty))
            #expect(served.services.keys == served.services.keys.sorted())
            let clusterIPs = zip(served.services.keys, served.services.services).filter { $1.isAtClusterIP }
            #expect(
                Set(clusterIPs.compactMap { $0.0.service.map { .address($0.address) } })
                    == Set(table.sets.first { $0.purpose == .clusterIPs }?.elements.map(\.key) ?? []))
            #expect(read.nodeAddresses == served.nodeAddresses)
        }
    }

    @Test("a table that is not there serves nothing")
    func absent() { #expect(ServedAddresses(of: Table(TableName(.ipv4, "ferrule"))).isEmpty) }
}
