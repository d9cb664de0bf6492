// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
package import FerruleRuleset

extension Kernel {
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

    private func purge(
        _ set: SetDefinition, _ content: SetDefinition.DynamicElements, of table: TableName
    ) throws(NetlinkError) {
        for _ in 0..<5 {
            do throws(NetlinkError) {
                let socket = try NetlinkSocket()
                let messages = try dump(NFT_MSG_GETSETELEM, table, set: set.name.description, socket)
                let elements = ElementDecoder(set, table.family).elements(messages) ?? []
                var stale = set
                stale.elements = elements.filter { content.keeping($0) == nil }
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
        let hasDynamicSets = ruleset.tables.contains { $0.sets.contains { $0.isDynamic } }
        guard hasDynamicSets else { return ruleset }
        return try rereading { () throws(NetlinkError) in try readDynamicElements(for: ruleset) }
    }

    private func readDynamicElements(for ruleset: Ruleset) throws(NetlinkError) -> Ruleset {
        let socket = try NetlinkSocket()
        var ruleset = ruleset
        for table in ruleset.tables.indices {
            let name = ruleset.tables[table].name
            let known = Set(try setNames(of: name, socket))
            for set in ruleset.tables[table].sets.indices {
                let definition = ruleset.tables[table].sets[set]
                guard case .dynamic(let content) = definition.kind, known.contains(definition.name.description) else {
                    continue
                }
                let messages = try dump(NFT_MSG_GETSETELEM, name, set: definition.name.description, socket)
                let elements = ElementDecoder(definition, name.family).elements(messages) ?? []
                ruleset.tables[table].sets[set].elements = elements.compactMap(content.keeping)
            }
        }
        return ruleset
    }
}
