// SPDX-License-Identifier: Apache-2.0
//
// FerruleCompiler: resolved services to a ruleset. It knows what nftables can do and nothing of how rules are written down
// or sent. The layout: a service is one element of the map `services`, its i-th endpoint one element of the map
// `endpoints-i`; chains exist for each slot i and each shape of traffic, such as "three endpoints, masqueraded", never for a
// service, except that a service port with session affinity has a map and chains of its own. A service of more than
// 1,024 endpoints is cut into parts, which are like services of their own.

internal import FerruleNetwork
internal import FerruleParallel
package import FerruleResolution
package import FerruleRuleset

/// Makes the ruleset of a cluster: the fold of the contributions of all services.
package enum RulesetCompiler {
    package static func compile(_ cluster: ResolvedCluster, _ options: CompilerOptions) -> Ruleset {
        let contributions = contributions(of: cluster)
        var ruleset = Ruleset(tables: [], summary: Summary())
        for family in options.families {
            let layout = TableLayout(family, cluster.surroundings, options)
            let contents = TableContents(contributions, family)
            let table = layout.table(contents)
            ruleset.served[family] = layout.served(contents, by: table)
            ruleset.tables.append(table)
        }
        for contribution in contributions { ruleset.summary.count(contribution, 1) }
        return ruleset
    }

    /// What each service adds, in their order, made on all processors.
    static func contributions(of cluster: ResolvedCluster) -> [Contribution] {
        let (services, surroundings) = (cluster.services, cluster.surroundings)
        return parallelMap(count: services.count, sliceLength: 512) { Contribution.of(services[$0], surroundings) }
    }
}
