// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleRuleset
import Testing

/// Tables of a version that gave each slot a map of its own, however many there were.
@Suite("Tables of an older layout")
struct LayoutTests {
    private func ruleset(endpoints: Int) throws -> Ruleset {
        var cluster = TestCluster()
        cluster.ports = [try TestCluster.port(1, endpoints: endpoints), try TestCluster.port(2, endpoints: 2)]
        return try cluster.ruleset()
    }

    private func plan(_ actual: Ruleset, _ wanted: Ruleset) -> Plan {
        Planner.plan(from: actual, to: wanted, isGenerated: ObjectNames.isGenerated)
    }

    /// A kernel with a ruleset of the older layout.
    private func kernel(_ ruleset: Ruleset) throws -> MemoryKernel {
        var kernel = MemoryKernel()
        try kernel.apply(.replacing(with: ruleset.withoutPages))
        return kernel
    }

    @Test("They are rebuilt where maps of the same name are of another make, which changes nothing for traffic")
    func rebuilt() throws {
        let wanted = try ruleset(endpoints: 300)
        let names = wanted.tables.map(\.name)
        var kernel = try kernel(wanted)
        let old = kernel.read(names)
        #expect(old.tables[0].sets.contains { $0.name == SetName("endpoints-299") && !$0.isPage })
        let plan = plan(old, wanted)
        #expect(plan.structure.isEmpty && plan.cleanup.isEmpty && plan.drift == [])
        #expect(KernelWork(plan).tablesMade == [names[0]])
        let difference = Difference(from: old, to: wanted, plan: plan, isGenerated: ObjectNames.isGenerated)
        #expect(difference.isEmpty)
        try kernel.apply(plan.changes)
        let reached = kernel.read(names)
        #expect(!reached.tables[0].sets.contains { $0.name == SetName("endpoints-65") })
        #expect(self.plan(reached, wanted).isEmpty)
    }

    @Test("What is left of a large service does no harm, and goes when a large one comes again")
    func leftovers() throws {
        let names = try ruleset(endpoints: 3).tables.map(\.name)
        var kernel = try kernel(ruleset(endpoints: 300))
        for (endpoints, isRebuilt) in [(3, false), (4, false), (64, false), (65, true), (300, false)] {
            let wanted = try ruleset(endpoints: endpoints)
            let plan = plan(kernel.read(names), wanted)
            #expect(KernelWork(plan).tablesMade.isEmpty != isRebuilt, "\(endpoints)")
            for transaction in [plan.structure, plan.changes, plan.cleanup] { try kernel.apply(transaction) }
            let reached = kernel.read(names)
            #expect(self.plan(reached, wanted).isEmpty)
            let digests = [reached, wanted].map { RulesetDigest(of: $0, isGenerated: ObjectNames.isGenerated) }
            #expect(digests[0] == digests[1], "\(endpoints)")
        }
    }
}

extension Ruleset {
    /// Each slot in a map of its own.
    fileprivate var withoutPages: Ruleset {
        var copy = self
        for index in copy.tables.indices {
            copy.tables[index].sets = copy.tables[index].sets.flatMap(\.slotMaps)
            copy.tables[index].chains = copy.tables[index].chains.map(\.withoutPages)
        }
        return copy
    }
}

extension SetDefinition {
    fileprivate var slotMaps: [SetDefinition] {
        guard isPage, let family = name.description.firstMatch(of: /^(.*-)\d+$/)?.1 else { return [self] }
        return Set(elements.compactMap(\.key.slot)).sorted().map { slot in
            SetDefinition(
                SetName("\(family)\(slot)"), key: Array(keyType.dropFirst()), value: valueType,
                elements: elements.filter { $0.key.slot == slot }.map { Element($0.key.withoutSlot, $0.value) })
        }
    }
}

extension Chain {
    fileprivate var withoutPages: Chain {
        var copy = self
        switch rules.first?.statements.first {
        case .spread(let verdicts): copy.rules = [Rule(.spread(verdicts.map(\.leaving)))]
        case .translate(let key, let map):
            guard case .slot(let slot)? = key.first else { return self }
            let name = map.description.replacing(/\d+$/, with: "\(slot)")
            let first = self.name.description.replacing(/\d+$/, with: "0")
            copy.rules = [
                Rule(.translate(Array(key.dropFirst()), SetName(name))), Rule(.verdict(.goto(ChainName(first)))),
            ]
        default: break
        }
        return copy
    }
}

extension Verdict {
    /// A jump as a goto.
    fileprivate var leaving: Verdict { if case .jump(let chain) = self { .goto(chain) } else { self } }
}
