// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleCluster
import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// What services of the past have needed.
@Suite("Leftovers", .needsNamespaces)
struct LeftoverTests {
    @Test("It goes at the second comparison, and comes again when it is needed", arguments: 0..<3 as Range<UInt64>)
    func goes(seed: UInt64) throws {
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        let namespace = try Namespace("leftovers")
        var random = RandomObjects(seed: 900 + seed, services: 8)
        var keeper = NodeKeeper(Kernel(), options, .forTests, version: "0")
        func settle() throws -> NodeKeeper.Outcome {
            try namespace.perform { () throws(NetlinkError) in try keeper.settle() }
        }
        _ = keeper.take(random.objects().changes)
        _ = keeper.complete()
        _ = try settle()
        var swept = 0
        for round in 0..<6 {
            for _ in 0..<20 {
                _ = keeper.take(random.changes(1))
                _ = try settle()
            }
            keeper.doubt()
            let first = try settle()
            keeper.doubt()
            let second = try settle()
            swept += second.sweptCount
            #expect(second.work.isEmpty && second.drift.isEmpty && second.problems.isEmpty)

            let cluster = ClusterResolver.resolve(random.objects(), options: options).cluster
            let (wanted, standing) = (RulesetCompiler.compile(cluster, .forTests), try namespace.read())
            for (table, wanted) in zip(standing.tables, wanted.tables) {
                #expect(Set(table.sets.map(\.name)) == Set(wanted.sets.map(\.name)), "round \(round), \(first.work)")
                // Packets enter base chains as long as these stand: they are emptied.
                let chains = table.chains.filter { $0.base == nil }.map(\.name)
                #expect(Set(chains) == Set(wanted.chains.filter { $0.base == nil }.map(\.name)), "round \(round)")
            }
            #expect(RulesetDigest(of: standing) == RulesetDigest(of: wanted))
        }
        #expect(swept > 0)
    }
}
