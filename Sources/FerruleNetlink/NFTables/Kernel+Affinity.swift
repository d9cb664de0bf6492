// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

extension Kernel {
    /// How often what packets have written is judged again because they wrote meanwhile.
    private static let judgements = 5

    /// Removes what packets have written while a ruleset was being committed, as far as it leads to an endpoint that is gone.
    ///
    /// The ruleset stands already, so nothing that happens here is an error except that the kernel cannot be asked: elements
    /// may expire between being read and removed, and somebody may replace the tables.
    package func purgeDynamicSets(of ruleset: Ruleset) throws(NetlinkError) {
        for table in ruleset.tables {
            for set in table.sets {
                guard case .dynamic(let content) = set.kind else { continue }
                try purge(set, content, of: table.name)
            }
        }
    }

    /// What packets have written into a map that stands.
    package func remembered(by set: SetDefinition, in table: TableName) throws(NetlinkError) -> [Element] {
        // A list that other tables' commits interrupt is right.
        let reading = TableReading(sessions: try SessionPool(count: 1, connect), isWatched: true)
        return try TableReader(table, reading).elements(of: set)
    }

    private func purge(
        _ set: SetDefinition, _ content: SetDefinition.DynamicElements, of table: TableName
    ) throws(NetlinkError) {
        for _ in 0..<Kernel.judgements {
            do throws(NetlinkError) {
                var stale = set
                stale.elements = content.stale(among: try remembered(by: set, in: table))
                if !stale.elements.isEmpty { try apply(.deletingIfPresent(stale, in: table)) }
                return
            } catch  where error.meansChangedUnderway {
                // A client was given another endpoint meanwhile, and is judged again.
                continue
            }
        }
    }

    /// The same ruleset with what packets have written into its maps (session affinity), as far as it is still right, so that
    /// replacing the tables forgets no client. What is written between this and the replacement is lost.
    package func keepingDynamicElements(in ruleset: Ruleset) throws(NetlinkError) -> Ruleset {
        let tables = ruleset.tables.filter { $0.sets.contains { $0.isDynamic } }.map(\.name)
        guard !tables.isEmpty else { return ruleset }
        let kept = try consistently(of: tables) { reading throws(NetlinkError) in
            try readDynamicElements(for: ruleset, reading)
        }
        return kept.result
    }

    private func readDynamicElements(for ruleset: Ruleset, _ reading: TableReading) throws(NetlinkError) -> Ruleset {
        var ruleset = ruleset
        for table in ruleset.tables.indices {
            let reader = TableReader(ruleset.tables[table].name, reading)
            let known = try reader.setNames()
            for set in ruleset.tables[table].sets.indices {
                let definition = ruleset.tables[table].sets[set]
                guard case .dynamic(let content) = definition.kind, known.contains(definition.name.description) else {
                    continue
                }
                ruleset.tables[table].sets[set].elements = try reader.elements(of: definition).compactMap(
                    content.keeping)
            }
        }
        return ruleset
    }
}
