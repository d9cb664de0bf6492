// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerrulePlanner
import FerruleRuleset
import Foundation
import NetworkLab
import Testing

/// What packets have written goes by itself at any moment, so also between reading the kernel and changing it.
@Suite("Memory that expires meanwhile", .needsNamespaces)
struct ExpiryTests {
    private func ruleset(_ service: StickyService, _ family: IPFamily) throws -> Ruleset {
        try TestCluster(service.manifests.translated(to: family)).ruleset()
    }

    @Test("A plan that removes it is carried out all the same", arguments: IPFamily.allCases)
    func planned(family: IPFamily) throws {
        let affinity = try AffinityLab(family)
        let node = affinity.lab.node
        try node.apply(try ruleset(StickyService(seconds: 1), family))
        _ = try affinity.servers()
        var service = StickyService(seconds: 1)
        service.endpoints.removeFirst(3)
        let wanted = try ruleset(service, family)
        let kernel = Kernel()
        let state = try node.perform { () throws(NetlinkError) in
            try kernel.read(wanted.tables.map(\.name))
        }
        // As `update(to:)` does, with a wait in between.
        let plan = Planner.plan(from: state.ruleset, to: wanted)
        #expect(plan.work(on: state.ruleset).elementsRemoved > 16 / 4, "clients are forgotten")
        Thread.sleep(forTimeInterval: 1.3)
        try node.perform { () throws(NetlinkError) in
            try kernel.apply(plan.structure)
            try kernel.apply(plan.changes)
            try kernel.apply(plan.cleanup)
        }
        #expect(try Set(affinity.servers()) == [affinity.address("10.244.1.7")])
    }
}
