// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerrulePlanner
import FerruleRuleset
import RandomClusters
import Testing

/// The numbers of a plan are those by which the kernel's differ before and after it.
struct KernelWorkTests {
    /// What stands in tables, in numbers.
    private struct Counts: Equatable {
        var elements = 0
        var rules = 0
        var chains = 0
        var sets = 0

        init(_ ruleset: Ruleset) {
            for table in ruleset.tables {
                elements += table.sets.reduce(0) { $0 + $1.elements.count }
                rules += table.chains.reduce(0) { $0 + $1.rules.count }
                chains += table.chains.count
                sets += table.sets.count
            }
        }
    }

    private func plan(_ actual: Ruleset, _ wanted: Ruleset) -> Plan {
        Planner.plan(
            from: actual, to: wanted, provenance: Provenance(version: "0", appliedAt: 0, summary: Summary()))
    }

    @Test("what is added and removed is what there is more and less", arguments: 0..<3 as Range<UInt64>)
    func addsUp(seed: UInt64) throws {
        var random = RandomCluster(seed: 600 + seed)
        var kernel = MemoryKernel()
        var cluster = random.cluster()
        for step in 0..<40 {
            cluster = step % 3 == 0 ? random.cluster() : random.changed(cluster)
            let wanted = cluster.ruleset()
            let names = wanted.tables.map(\.name)
            let before = kernel.read(names)
            let plan = plan(before, wanted)
            for transaction in plan.transactions { try kernel.apply(transaction) }
            let (old, new) = (Counts(before), Counts(kernel.read(names)))
            let work = plan.work(on: before)
            #expect(work.elementsAdded - work.elementsRemoved == new.elements - old.elements, "step \(step)")
            #expect(work.rulesAdded - work.rulesRemoved == new.rules - old.rules, "step \(step)")
            if work.tablesMade.isEmpty, work.tablesRemoved.isEmpty {
                #expect(work.chainsAdded == new.chains - old.chains, "step \(step)")
                #expect(work.setsAdded == new.sets - old.sets, "step \(step)")
            }
        }
    }

    @Test("the first plan adds all that stands there after it, and removing the tables takes all of it")
    func wholeTables() throws {
        var random = RandomCluster(seed: 7)
        let wanted = random.cluster().ruleset()
        let nothing = Ruleset(tables: wanted.tables.map { Table($0.name) }, summary: Summary())
        var kernel = MemoryKernel()
        let first = plan(nothing, wanted)
        try kernel.apply(first.changes)
        let work = first.work(on: nothing)
        let made = kernel.read(wanted.tables.map(\.name))
        let counts = Counts(made)
        #expect(work.elementsAdded == counts.elements && work.rulesAdded == counts.rules)
        #expect(work.chainsAdded == counts.chains && work.setsAdded == counts.sets)
        #expect(work.elementsRemoved == 0 && work.tablesMade == wanted.tables.map(\.name))
        let last = plan(made, nothing).work(on: made)
        #expect(last.elementsRemoved == counts.elements && last.rulesRemoved == counts.rules)
        #expect(last.tablesRemoved == wanted.tables.map(\.name) && last.elementsAdded == 0)
    }

    @Test("tables made anew are said to be made, and one that does not stand is not said to be removed")
    func rebuiltTables() throws {
        let wanted = try TestCluster.random(3).ruleset()
        let absent = wanted.tables.filter(\.isAbsent)
        #expect(!absent.isEmpty && absent.count < wanted.tables.count)
        let rebuilt = Transaction.replacing(
            with: wanted, provenance: Provenance(version: "0", appliedAt: 0, summary: Summary()))
        let work = KernelWork(rebuilt.operations, on: wanted)
        #expect(work.tablesMade == wanted.tables.filter { !$0.isAbsent }.map(\.name))
        #expect(work.tablesRemoved.isEmpty)
    }

    @Test("chains that somebody emptied are said, though no element changes")
    func repair() throws {
        let wanted = try TestCluster.random(3).ruleset()
        var actual = wanted
        var rules = 0
        for index in actual.tables[0].chains.indices where actual.tables[0].chains[index].base == nil {
            rules += actual.tables[0].chains[index].rules.count
            actual.tables[0].chains[index].rules = []
        }
        let work = plan(actual, wanted).work(on: actual)
        #expect(work.elementsAdded == 0 && work.elementsRemoved == 0)
        #expect(work.chainsRewritten > 20 && work.rulesAdded == rules && work.rulesRemoved == 0 && !work.isEmpty)
    }

    @Test("a ruleset that is there already is no work, though its record would be another")
    func nothing() {
        var random = RandomCluster(seed: 9)
        let ruleset = random.cluster().ruleset()
        #expect(plan(ruleset, ruleset).work(on: ruleset).isEmpty)
        var changed = ruleset
        changed.tables[0].sets[0].elements.removeFirst()
        let work = plan(changed, ruleset).work(on: changed)
        #expect(work.elementsAdded == 1 && work.chainsAdded == 0 && work.objectsRemoved == 0)
    }
}
