// SPDX-License-Identifier: Apache-2.0

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
            let isUnused = set.elements.isEmpty && set.purpose.mayBeLeftOver
            return !isUnused || wanted.sets.contains { $0.name == set.name }
        }.map(\.normalised).sorted { $0.name < $1.name }
        for index in copy.sets.indices where copy.sets[index].purpose == .hairpin {
            let known = Set(wanted.sets.first { $0.purpose == .hairpin }?.elements ?? [])
            copy.sets[index].elements.removeAll { !known.contains($0) }
        }
        copy.chains = chains.filter { chain in
            wanted.chains.contains { $0.name == chain.name } || !chain.purpose.mayBeLeftOver
        }.sorted { $0.name < $1.name }
        copy.sortEndpoints()
        return copy
    }

    /// The endpoints of a service, sorted, take its slots in turn, those of its first part first.
    private mutating func sortEndpoints() {
        let owners = PartOwners(of: self)
        var parts: [ElementKey: Int] = [:]
        for set in sets {
            guard case .parts(_, let number) = set.purpose else { continue }
            for element in set.elements {
                guard let address = element.value.data?.address else { continue }
                parts[element.key.ofPart(address)] = number
            }
        }
        var slots: [Service: [Slot]] = [:]
        for (map, set) in sets.enumerated() {
            guard case .endpoints(let scope, let number) = set.purpose else { continue }
            for (position, element) in set.elements.enumerated() {
                let owner = owners.owner(of: element.key)
                let service = Service(scope: owner?.scope ?? scope, key: owner?.key ?? element.key)
                slots[service, default: []].append(
                    Slot(part: parts[element.key] ?? 0, number: number, map: map, position: position))
            }
        }
        for list in slots.values {
            let places = list.sorted { ($0.part, $0.number) < ($1.part, $1.number) }
            let values = places.map { sets[$0.map].elements[$0.position].value }.sorted { $0.order < $1.order }
            for (place, value) in zip(places, values) {
                let element = sets[place.map].elements[place.position]
                sets[place.map].elements[place.position] = Element(element.key, value, comment: element.comment)
            }
        }
    }
}

/// What endpoints stand under, whether or not in parts.
private struct Service: Hashable {
    let scope: SlotScope
    let key: ElementKey
}

private struct Slot {
    let part: Int
    let number: Int
    let map: Int
    let position: Int
}

extension SetDefinition {
    fileprivate var normalised: SetDefinition {
        var copy = self
        copy.size = nil
        if case .dynamic = kind {
            copy.kind = .dynamic(DynamicElements(timeout: 0, values: []))
            copy.elements = []
        }
        return copy
    }
}

extension ElementValue {
    /// The order of endpoints; they have one port in common.
    fileprivate var order: UInt128 { data?.endpoint?.address.bits ?? 0 }
}
