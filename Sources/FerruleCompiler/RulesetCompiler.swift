// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset

/// Makes the ruleset of a cluster.
package enum RulesetCompiler {
    package static func compile(_ cluster: ResolvedCluster, _ options: CompilerOptions) -> Ruleset {
        let tables = options.families.map { family in
            TableCompiler(cluster, family, options).compile()
        }
        var summary = Summary()
        summary.services = cluster.serviceCount
        summary.endpoints = cluster.ports.reduce(0) { $0 + $1.endpoints.cluster.count }
        summary.headless = cluster.headlessCount
        summary.externalNames = cluster.externalNameCount
        return Ruleset(tables: tables, summary: summary)
    }
}
