// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What stands in a kernel, table by table, in numbers, and where that is not what the record says was applied. The rules
/// and elements themselves are a ``Ruleset``.
package struct Standing: Sendable {
    /// The tables that stand, and those that are missing although they were applied.
    package let tables: [StandingTable]
    /// How many services packets find.
    package let services: Int

    /// - Parameter applied: what the record beside a table says.
    package init(_ ruleset: Ruleset, applied: (TableName) -> Provenance?) {
        let records = ruleset.tables.compactMap { applied($0.name) }
        let appliedTables = Set(records.flatMap(\.tables))
        let sections = RulesetDigest(of: ruleset).sections
        tables = ruleset.tables.compactMap { table in
            guard !table.isAbsent else {
                return appliedTables.contains(table.name) ? StandingTable(missing: table.name) : nil
            }
            return StandingTable(
                table, isOthers: !appliedTables.isEmpty && !appliedTables.contains(table.name),
                sections: sections[table.name], applied: applied(table.name)?.sections[table.name])
        }
        services = Set(ruleset.tables.flatMap { $0.entrances(Reachability(of: $0)) }.map(\.name.service)).count
    }
}

/// A table that stands, or is missing.
package struct StandingTable: Sendable {
    package let name: TableName
    package let isMissing: Bool
    package let chains: Int
    package let rules: Int
    /// Named sets and maps.
    package let sets: Int
    /// Their elements, without those that packets have written.
    package let elements: Int
    /// The clients that session affinity remembers, each once for each service port.
    package let rememberedClients: Int
    package let deviations: [Deviation]

    /// What is otherwise than it was applied.
    package enum Deviation: Sendable, Hashable {
        /// Chains of which somebody has removed all rules.
        case emptied([ChainName])
        /// Chains and sets that every table of Ferrule has.
        case missing(String)
        /// What Ferrule never makes, in words: `chain ip ferrule mine`.
        case foreign(String)
        /// There are other rules or elements in a section.
        case changed(DigestSection, stands: Int, applied: Int)
    }
}

extension StandingTable {
    fileprivate init(missing name: TableName) {
        self.name = name
        isMissing = true
        (chains, rules, sets, elements, rememberedClients) = (0, 0, 0, 0, 0)
        deviations = []
    }

    /// - Parameter isOthers: whether it was not applied, so that it is nobody's but theirs who have put something there.
    fileprivate init(_ table: Table, isOthers: Bool, sections: DigestSections?, applied: DigestSections?) {
        name = table.name
        isMissing = false
        chains = table.chains.count
        rules = table.chains.reduce(0) { $0 + $1.rules.count + $1.foreignRules.count }
        sets = table.sets.count
        elements = table.sets.reduce(0) { $0 + ($1.isDynamic ? 0 : $1.elements.count) }
        rememberedClients = table.sets.reduce(0) { $0 + ($1.isDynamic ? $1.elements.count : 0) }
        deviations =
            (isOthers ? [] : table.missingDescriptions.map(Deviation.missing))
            + (table.emptiedChains.map { [.emptied($0)] } ?? [])
            + table.foreignDescriptions.map(Deviation.foreign) + StandingTable.changes(sections, applied)
    }

    private static func changes(_ sections: DigestSections?, _ applied: DigestSections?) -> [Deviation] {
        guard let sections, let applied else { return [] }
        return DigestSection.allCases.compactMap { section in
            sections[section] == applied[section]
                ? nil : .changed(section, stands: sections[section].count, applied: applied[section].count)
        }
    }
}

extension Table {
    /// The chains and sets that every table of Ferrule has and this one lacks, in words.
    fileprivate var missingDescriptions: [String] {
        let (chains, sets) = (Set(chains.map(\.purpose)), Set(sets.map(\.purpose)))
        return ChainPurpose.always.filter { !chains.contains($0) }.map { "chain \(name) \($0.name)" }
            + SetPurpose.always.filter { !sets.contains($0) }.map { "set \(name) \($0.name)" }
    }

    /// Chains without rules, which Ferrule leaves to none but the record's and those that are not needed any more, which nobody
    /// comes to; nil if there are none.
    fileprivate var emptiedChains: [ChainName]? {
        let empty = chains.filter {
            $0.rules.isEmpty && $0.foreignRules.isEmpty && $0.purpose != .record && !$0.purpose.isForeign
        }
        guard !empty.isEmpty else { return nil }
        // Where rules that lead on are gone themselves, nobody can tell what was left over before.
        let isTold = empty.allSatisfy(\.purpose.mayBeLeftOver)
        let reached = isTold ? Reachability(of: self).chains : []
        let emptied = empty.filter { chain in
            guard chain.purpose.mayBeLeftOver else { return true }
            return chain.base == nil && (!isTold || reached.contains(chain.name))
        }
        return emptied.isEmpty ? nil : emptied.map(\.name).sorted()
    }
}
