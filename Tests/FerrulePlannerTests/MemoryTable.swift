// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleRuleset

/// One table of the kernel in memory.
struct MemoryTable {
    private var sets: [SetName: SetDefinition] = [:]
    private var elements: [SetName: [ElementKey: Element]] = [:]
    private(set) var chains: [ChainName: Chain] = [:]

    /// With their elements, sorted.
    var listedSets: [SetDefinition] {
        sets.values.map { set in
            var set = set
            set.elements = (elements[set.name] ?? [:]).values.sorted { $0.key < $1.key }
            return set
        }.sorted { $0.name < $1.name }
    }

    mutating func add(_ set: SetDefinition) throws(MemoryError) {
        guard sets[set.name] == nil else { throw .EEXIST }
        var declared = set
        declared.elements = []
        sets[set.name] = declared
        elements[set.name] = [:]
    }

    mutating func addElements(of set: SetDefinition) throws(MemoryError) {
        guard let declared = sets[set.name], var present = elements.removeValue(forKey: set.name) else { throw .ENOENT }
        for element in set.elements {
            if case .verdict(let verdict) = element.value, let chain = verdict.chain, chains[chain] == nil {
                throw .ENOENT
            }
            if let old = present[element.key] {
                guard old.value == element.value else { throw .EEXIST }
                continue
            }
            if set.isInterval, present.keys.contains(where: { $0.overlaps(element.key) }) { throw .EEXIST }
            if let size = declared.size, present.count >= size { throw .ENFILE }
            present[element.key] = element
        }
        elements[set.name] = present
    }

    mutating func deleteElements(of set: SetDefinition) throws(MemoryError) {
        guard var present = elements.removeValue(forKey: set.name) else { throw .ENOENT }
        for element in set.elements {
            guard present.removeValue(forKey: element.key) != nil else { throw .ENOENT }
        }
        elements[set.name] = present
    }

    mutating func flush(_ set: SetName) throws(MemoryError) {
        guard sets[set] != nil else { throw .ENOENT }
        elements[set] = [:]
    }

    mutating func delete(_ set: SetName) throws(MemoryError) {
        guard sets[set] != nil else { throw .ENOENT }
        guard !chains.values.contains(where: { $0.rules.contains { $0.sets.contains(set) } }) else { throw .EBUSY }
        sets[set] = nil
        elements[set] = nil
    }

    /// Accepted also where the chain exists with the same hook.
    mutating func add(_ chain: Chain) throws(MemoryError) {
        if let old = chains[chain.name] {
            guard old.base == chain.base else { throw .EEXIST }
            return
        }
        chains[chain.name] = Chain(named: chain.name, base: chain.base, rules: [])
    }

    mutating func add(_ rule: Rule, to chain: ChainName) throws(MemoryError) {
        guard chains[chain] != nil, rule.chains.allSatisfy({ chains[$0] != nil }),
            rule.sets.allSatisfy({ sets[$0] != nil })
        else { throw .ENOENT }
        chains[chain]?.rules.append(rule)
    }

    mutating func flush(_ chain: ChainName) throws(MemoryError) {
        guard chains[chain] != nil else { throw .ENOENT }
        chains[chain]?.rules = []
    }

    mutating func delete(_ chain: ChainName) throws(MemoryError) {
        guard chains[chain] != nil else { throw .ENOENT }
        let others = chains.values.filter { $0.name != chain }
        let isInUse =
            others.contains { $0.rules.contains { $0.chains.contains(chain) } }
            || elements.values.contains { $0.values.contains { $0.leads(to: chain) } }
        guard !isInUse else { throw .EBUSY }
        chains[chain] = nil
    }
}

extension Element {
    fileprivate func leads(to chain: ChainName) -> Bool {
        if case .verdict(let verdict) = value { verdict.chain == chain } else { false }
    }
}

extension ElementKey {
    /// Whether two keys of a set of ranges have an address in common.
    fileprivate func overlaps(_ other: ElementKey) -> Bool {
        if let one = prefix, let another = other.prefix { return one.overlaps(another) }
        guard let one = serviceSource, let another = other.serviceSource else { return false }
        return one.service == another.service && one.source.overlaps(another.source)
    }
}

extension Prefix {
    fileprivate func overlaps(_ other: Prefix) -> Bool {
        address <= other.lastAddress && other.address <= lastAddress
    }
}
