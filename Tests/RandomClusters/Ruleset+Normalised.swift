// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
internal import FerruleNetwork
package import FerruleRuleset

extension Ruleset {
    /// What has a meaning in a ruleset that was read, given what should stand there: leftovers that nothing leads to, pods that
    /// were endpoints here until just now, the order of objects, sizes and what packets have written are left out; endpoints of a key stand in order.
    package func normalised(for wanted: Ruleset) -> Ruleset {
        var copy = Ruleset(tables: [], summary: Summary())
        for table in tables {
            let model = wanted.tables.first { $0.name == table.name } ?? Table(table.name)
            copy.tables.append(table.normalised(for: model))
        }
        return copy
    }
}

extension Table {
    fileprivate func normalised(for wanted: Table) -> Table {
        var copy = self
        copy.sets = sets.filter { set in
            let isUnused = set.elements.isEmpty && ObjectNames.isGenerated(set.name.description)
            return !isUnused || wanted.sets.contains { $0.name == set.name }
        }.map(\.normalised).sorted { $0.name < $1.name }
        for index in copy.sets.indices where copy.sets[index].name == SetName("hairpin") {
            let known = Set(wanted.sets.first { $0.name == SetName("hairpin") }?.elements ?? [])
            copy.sets[index].elements.removeAll { !known.contains($0) }
        }
        copy.chains = chains.filter { chain in
            wanted.chains.contains { $0.name == chain.name } || !ObjectNames.isGenerated(chain.name.description)
        }.sorted { $0.name < $1.name }
        for family in ["", "local-", "nodeport-", "nodeport-local-"] { copy.sortEndpoints(family + "endpoints-") }
        return copy
    }

    /// The endpoints of a service, sorted, take its slots in turn.
    private mutating func sortEndpoints(_ family: String) {
        let maps = sets.indices.filter { sets[$0].name.description.hasPrefix(family) }
        var targets: [ElementKey: [ElementValue]] = [:]
        for map in maps {
            for element in sets[map].elements { targets[element.key.withoutSlot, default: []].append(element.value) }
        }
        for service in targets.keys { targets[service]?.sort { $0.order < $1.order } }
        for map in maps {
            let first = Int(sets[map].name.description.dropFirst(family.count)) ?? 0
            sets[map].elements = sets[map].elements.map { element in
                let slot = element.key.slot.map(Int.init) ?? first
                // A service that skips a slot is kept as it is, and so seen.
                let sorted = targets[element.key.withoutSlot] ?? []
                return slot < sorted.count ? Element(element.key, sorted[slot], comment: element.comment) : element
            }
        }
    }
}

extension SetDefinition {
    fileprivate var normalised: SetDefinition {
        var copy = self
        copy.size = nil
        if case .dynamic = kind {
            copy.kind = .dynamic(Memory(timeout: 0, values: []))
            copy.elements = []
        }
        return copy
    }
}

extension ElementValue {
    /// The order of endpoints; they have one port in common.
    fileprivate var order: UInt128 { if case .target(let address, _) = self { address.bits } else { 0 } }
}
