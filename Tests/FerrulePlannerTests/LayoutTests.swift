// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleRuleset
import RandomClusters
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
        Planner.plan(from: actual, to: wanted)
    }

    /// A kernel with a ruleset of the older layout.
    private func kernel(_ ruleset: Ruleset) throws -> MemoryKernel {
        var kernel = MemoryKernel()
        try kernel.apply(.replacing(with: ruleset.withoutParts))
        return kernel
    }

    @Test("What is new comes, what is old goes, and nothing changes for traffic")
    func replaced() throws {
        let wanted = try ruleset(endpoints: 300)
        let names = wanted.tables.map(\.name)
        var kernel = try kernel(wanted)
        let old = kernel.read(names)
        #expect(old.tables[0].sets.contains { $0.name == SetName("endpoints-299") && $0.elements.count == 1 })
        #expect(old.tables[0].sets.allSatisfy { !$0.purpose.isOfParts })
        let plan = plan(old, wanted)
        #expect(plan.drift == [] && plan.work(on: old).tablesMade.isEmpty)
        let difference = Difference(from: old, to: wanted, plan: plan)
        #expect(difference.isEmpty)
        try kernel.apply(plan.structure)
        #expect(self.plan(kernel.read(names), wanted).structure.isEmpty)
        try kernel.apply(plan.changes)
        try kernel.apply(plan.cleanup)
        let reached = kernel.read(names)
        #expect(reached.tables[0].sets.contains { $0.name == SetName("endpoints-299") && $0.elements.isEmpty })
        #expect(self.plan(reached, wanted).isEmpty)
        let digests = [reached, wanted].map { RulesetDigest(of: $0) }
        #expect(digests[0] == digests[1])
    }

    @Test("What is left of a large service does no harm")
    func leftovers() throws {
        let names = try ruleset(endpoints: 3).tables.map(\.name)
        var kernel = try kernel(ruleset(endpoints: 300))
        for endpoints in [3, 4, 128, 129, 300, 5, 300] {
            let wanted = try ruleset(endpoints: endpoints)
            let old = kernel.read(names)
            let plan = plan(old, wanted)
            #expect(plan.work(on: old).tablesMade.isEmpty && plan.drift == [], "\(endpoints)")
            for transaction in plan.transactions { try kernel.apply(transaction) }
            let reached = kernel.read(names)
            #expect(self.plan(reached, wanted).isEmpty)
            let digests = [reached, wanted].map { RulesetDigest(of: $0) }
            #expect(digests[0] == digests[1], "\(endpoints)")
        }
    }

    /// Such maps are read as somebody else's.
    @Test("Tables are rebuilt where maps of the same name are of another make")
    func rebuilt() throws {
        let wanted = try ruleset(endpoints: 300)
        var old = wanted
        old.tables[0].sets.removeAll { $0.name == SetName("endpoints-64") }
        old.tables[0].foreign = [.set(SetName("endpoints-64"))]
        let plan = plan(old, wanted)
        #expect(plan.structure.isEmpty && plan.cleanup.isEmpty)
        #expect(plan.work(on: old).tablesMade == [wanted.tables[0].name])
    }
}

extension Ruleset {
    /// Each endpoint of a service in a slot of its own, however many there are.
    fileprivate var withoutParts: Ruleset {
        var copy = self
        for index in copy.tables.indices {
            let table = copy.tables[index]
            for scope in SlotScope.all {
                copy.tables[index].dissolve(scope, of: table)
            }
            let owners = PartOwners(of: table)
            for set in copy.tables[index].sets.indices {
                copy.tables[index].sets[set].elements.removeAll { owners.owner(of: $0.key) != nil }
                copy.tables[index].sets[set].elements.sort { $0.key < $1.key }
            }
            copy.tables[index].sets.removeAll(where: \.purpose.isOfParts)
            copy.tables[index].chains.removeAll { $0.name.description.contains("part-") }
        }
        return copy
    }
}

extension Table {
    /// Puts the endpoints of parts into slots of their service.
    fileprivate mutating func dissolve(_ scope: SlotScope, of table: Table) {
        let slots = table.sets.filter { $0.name.description.hasPrefix("endpoints-") }
        var lists: [ElementKey: [ElementValue]] = [:]
        for map in table.sets {
            guard case .parts(scope, _) = map.purpose else { continue }
            for element in map.elements {
                guard let address = element.value.data?.address else { continue }
                let key = element.key.ofPart(address)
                lists[element.key, default: []] += slots.compactMap { $0.elements.first { $0.key == key }?.value }
            }
        }
        guard let count = lists.values.map(\.count).max(), let keyType = lists.keys.first.map(\.type) else { return }
        for slot in 0..<count {
            let purpose = SetPurpose.endpoints(scope, slot: slot)
            let elements = lists.compactMap { key, list in slot < list.count ? Element(key, list[slot]) : nil }
            if let index = sets.firstIndex(where: { $0.purpose == purpose }) {
                sets[index].elements += elements
                continue
            }
            sets.append(
                SetDefinition(
                    purpose, key: keyType, value: .data([.address, .port]),
                    elements: elements.sorted { $0.key < $1.key }))
            let key: [Field] = keyType.count == 2 ? [] : [.destinationAddress]
            let first = Verdict.goto(ChainPurpose.slot(scope, 0).name)
            let chain = Chain(
                .slot(scope, slot),
                rules: [
                    Rule(.dnat(key + [.transportProtocol, .destinationPort], purpose.name)),
                    Rule(.verdict(slot == 0 ? .drop : first)),
                ])
            chains.insert(chain, at: 0)
        }
        for index in chains.indices {
            guard case .numgen(let verdicts)? = chains[index].rules.first?.statements.first,
                verdicts.first?.chain?.description.hasPrefix("\(scope.prefix)part-") == true,
                let size = Int(chains[index].name.description.split(separator: "-").last ?? "")
            else { continue }
            chains[index].rules = [Rule(.numgen((0..<size).map { .goto(ChainPurpose.slot(scope, $0).name) }))]
        }
    }
}

extension ElementKey {
    fileprivate var type: [SetDefinition.DataType] {
        if port != nil { [.transportProtocol, .port] } else { [.address, .transportProtocol, .port] }
    }
}
