// SPDX-License-Identifier: Apache-2.0

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
