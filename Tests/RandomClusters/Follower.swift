// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleCompiler
internal import FerrulePlanner
package import FerruleResolution
package import FerruleRuleset

/// What a ``Follower`` brings its changes to.
package protocol FollowedKernel {
    mutating func apply(_ transaction: Transaction) throws
    mutating func read(_ tables: [TableName]) throws -> Ruleset
}

/// Brings a kernel from each state of a cluster to the next by what has become different: it is read only where a table as a
/// whole has to be compared.
package struct Follower<Kernel: FollowedKernel> {
    package private(set) var kernel: Kernel
    package private(set) var builder: RulesetBuilder
    /// How often a table as a whole had to be compared.
    package private(set) var wholePlans = 0
    private var states: [TableName: TableState] = [:]

    package init(_ cluster: ResolvedCluster, in kernel: Kernel) throws {
        self.kernel = kernel
        builder = RulesetBuilder(cluster, .forTests)
        try planWhole()
    }

    /// Follows changes of objects.
    package mutating func follow(_ changes: [ClusterChange], _ resolver: inout ClusterResolver) throws {
        switch resolver.apply(changes) {
        case .everything:
            builder = RulesetBuilder(resolver.resolveAll().cluster, .forTests)
            try planWhole()
        case .services(let keys):
            resolver.forEachService(keys) { builder.replace($0, with: $1) }
            try planChanges()
        }
    }

    /// Follows the services of a cluster to those of another one, on the same node.
    package mutating func follow(from old: ResolvedCluster, to new: ResolvedCluster) throws {
        let services = Dictionary(uniqueKeysWithValues: new.services.map { ($0.key, $0) })
        for key in Set((old.services + new.services).map(\.key)) { builder.replace(key, with: services[key]) }
        try planChanges()
    }

    /// Whether a comparison of the whole finds nothing to do either.
    package mutating func isSettled() throws -> Bool {
        let wanted = builder.ruleset()
        return Planner.plan(from: try kernel.read(wanted.tables.map(\.name)), to: wanted).isEmpty
    }

    private mutating func planChanges() throws {
        for change in builder.takeChanges() {
            let plan = states[change.name]?.plan(change, provenance: nil) { _ in [] }
            guard let plan else { return try planWhole() }
            try carryOut(plan)
        }
    }

    private mutating func planWhole() throws {
        wholePlans += 1
        let wanted = builder.ruleset()
        let plan = Planner.plan(from: try kernel.read(wanted.tables.map(\.name)), to: wanted)
        try carryOut(plan)
        states = Dictionary(uniqueKeysWithValues: plan.after.map { ($0.name, TableState($0)) })
    }

    private mutating func carryOut(_ plan: Plan) throws {
        for transaction in plan.transactions { try kernel.apply(transaction) }
    }
}
