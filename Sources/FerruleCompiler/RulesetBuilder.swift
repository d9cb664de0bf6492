// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset

/// A ruleset that is followed: the contributions of all services, and what they come to.
///
/// The whole ruleset is a fold of all contributions; a change of one service takes its contribution out and puts another in.
package struct RulesetBuilder: Sendable {
    private let options: CompilerOptions
    private let surroundings: Surroundings
    private var contributions: [ObjectKey: Contribution] = [:]
    /// By family, in the order of the options.
    private var tables: [TableTracker] = []
    /// What the services are, in numbers.
    package private(set) var summary: Summary
    /// How many contributions have been made since the start: what a change costs is counted by tests.
    package private(set) var madeContributions = 0

    /// Follows a cluster from here on.
    package init(_ cluster: ResolvedCluster, _ options: CompilerOptions) {
        self.options = options
        surroundings = cluster.surroundings
        summary = Summary()
        let made = RulesetCompiler.contributions(of: cluster)
        contributions.reserveCapacity(made.count)
        for contribution in made {
            contributions[contribution.service.key] = contribution
            summary.count(contribution, 1)
        }
        tables = options.families.map { family in
            TableTracker(TableBuilder(TableLayout(family, cluster.surroundings, options), made))
        }
        madeContributions = made.count
    }

    /// A service as it is followed; nil for one that is not.
    package func service(_ key: ObjectKey) -> ResolvedService? { contributions[key]?.service }

    /// Puts what a service is now in the place of what it was; nil for one that is gone.
    package mutating func replace(_ key: ObjectKey, with service: ResolvedService?) {
        let old = contributions[key]
        guard old?.service != service else { return }
        let new = service.map { Contribution.of($0, surroundings) }
        if new != nil { madeContributions += 1 }
        contributions[key] = new
        if let old { summary.count(old, -1) }
        if let new { summary.count(new, 1) }
        for table in tables.indices { tables[table].replace(old, with: new) }
    }

    /// What has become different since the last call, table by table; nothing of tables in which nothing has.
    package mutating func takeChanges() -> [TableChange] {
        tables.indices.map { tables[$0].takeChange() }.filter { !$0.isEmpty }
    }

    /// The digest of the whole.
    package var digest: RulesetDigest { RulesetDigest(tables.map(\.digest)) }

    /// The ruleset as it should be.
    package mutating func ruleset() -> Ruleset {
        var ruleset = Ruleset(tables: [], summary: summary)
        for index in tables.indices {
            let (table, served) = tables[index].table()
            ruleset.tables.append(table)
            ruleset.served[table.family] = served
        }
        return ruleset
    }
}

extension Summary {
    /// - Parameter step: 1 for a service that comes, -1 for one that goes.
    mutating func count(_ contribution: Contribution, _ step: Int) {
        switch contribution.service.kind {
        case .virtual: services += step
        case .headless: headless += step
        case .externalName: externalNames += step
        case .leftToAnotherProxy: break
        }
        endpoints += step * contribution.endpointCount
    }
}
