// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// What holds of every two clusters.
@Suite("Plans of random clusters")
struct PlannerPropertyTests {
    private static let provenance = Provenance(version: "0", appliedAt: 0, summary: Summary())

    private func plan(_ actual: Ruleset, _ wanted: Ruleset) -> Plan {
        Planner.plan(
            from: actual, to: wanted, provenance: Self.provenance)
    }

    @Test("A plan to what is there already is empty", arguments: 0..<4 as Range<UInt64>)
    func planToItself(seed: UInt64) {
        var random = RandomCluster(seed: seed)
        for _ in 0..<25 {
            let ruleset = random.cluster().ruleset()
            let plan = plan(ruleset, ruleset)
            #expect(plan.isEmpty && plan.drift == [])
        }
    }

    /// One kernel goes through all of them, so that it holds what earlier ones have left.
    @Test("Carrying out a plan leads where it should", arguments: 0..<8 as Range<UInt64>)
    func planLeadsToWanted(seed: UInt64) throws {
        try walk(RandomCluster(seed: 100 + seed), steps: 500)
    }

    /// Numbers of endpoints around those where another part begins.
    private static let sizes = [127, 128, 129, 255, 256, 257, 300, 520]

    @Test("The same holds of services with hundreds of endpoints", arguments: 0..<4 as Range<UInt64>)
    func largeServices(seed: UInt64) throws {
        try walk(
            RandomCluster(seed: 300 + seed, services: 3, largeSizes: Self.sizes), steps: 25)
    }

    private func walk(_ random: RandomCluster, steps: Int) throws {
        var random = random
        var kernel = MemoryKernel()
        var cluster = random.cluster()
        for step in 0..<steps {
            cluster = step % 3 == 0 ? random.cluster() : random.changed(cluster)
            let wanted = cluster.ruleset()
            let names = wanted.tables.map(\.name)
            let plan = plan(kernel.read(names), wanted)
            try kernel.apply(plan.structure)
            try kernel.apply(plan.changes)
            try kernel.apply(plan.cleanup)
            let reached = kernel.read(names)
            #expect(plan.drift == [], "step \(step)")
            try #require(reached.normalised(for: wanted) == wanted.normalised(for: wanted), "step \(step)")
            let again = self.plan(reached, wanted)
            try #require(again.isEmpty, "step \(step): \(again.operations)")
            let difference = Difference(from: reached, to: wanted, plan: again)
            try #require(difference.isEmpty, "step \(step): \(difference)")
            let digests = [reached, wanted].map { RulesetDigest(of: $0) }
            try #require(digests[0] == digests[1], "step \(step)")
        }
    }

    @Test(
        "The same endpoints in other slots are no change, and have the same digest",
        arguments: 0..<4 as Range<UInt64>, [[], sizes])
    func otherSlots(seed: UInt64, sizes: [Int]) {
        var random = RandomCluster(seed: 400 + seed, services: 3, largeSizes: sizes)
        for _ in 0..<5 {
            let cluster = random.cluster()
            var other = cluster
            for index in other.ports.indices {
                other.ports[index].endpoints.cluster.reverse()
                other.ports[index].endpoints.local.reverse()
            }
            let (actual, wanted) = (other.ruleset(), cluster.ruleset())
            let plan = plan(actual, wanted)
            #expect(plan.isEmpty)
            let difference = Difference(from: actual, to: wanted, plan: plan)
            #expect(difference.isEmpty)
            let digests = [actual, wanted].map { RulesetDigest(of: $0) }
            #expect(digests[0] == digests[1])
        }
    }

    @Test("The structure alone changes nothing for traffic", arguments: 0..<4 as Range<UInt64>)
    func structureChangesNothing(seed: UInt64) throws {
        var random = RandomCluster(seed: 200 + seed)
        for _ in 0..<25 {
            var kernel = MemoryKernel()
            let before = random.cluster().ruleset()
            try kernel.apply(.replacing(with: before))
            let names = before.tables.map(\.name)
            let wanted = random.cluster().ruleset()
            try kernel.apply(plan(kernel.read(names), wanted).structure)
            #expect(kernel.read(names).withoutNewHooks(before) == before.normalised(for: before))
        }
    }
}

extension Ruleset {
    /// As normalised, without the base chains for affinity, which remember nothing yet.
    fileprivate func withoutNewHooks(_ old: Ruleset) -> Ruleset {
        var copy = normalised(for: old)
        for index in copy.tables.indices {
            let known = old.tables[index]
            copy.tables[index].sets.removeAll { set in
                set.elements.isEmpty && !known.sets.contains { $0.name == set.name }
            }
        }
        return copy
    }
}
