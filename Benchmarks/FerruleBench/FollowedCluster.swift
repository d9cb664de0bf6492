// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleKubernetes
import FerruleNetlink
import FerrulePlanner
import FerruleResolution
import FerruleRuleset

/// A cluster that is followed from changes of objects to finished transactions, which are not sent.
struct FollowedCluster {
    private var resolver: ClusterResolver
    private var builder: RulesetBuilder
    private var states: [TableName: TableState]
    /// The length of the transaction that an empty kernel needs.
    let firstBytes: Int

    /// What a change came to.
    struct Step {
        /// Contributions that were computed.
        var contributions = 0
        /// Elements that were looked at, those of endpoint lists before and after.
        var compared = 0
        var bytes = 0
    }

    /// The fold of all services, and the transaction for a kernel that has nothing of them.
    init(_ objects: consuming ClusterObjects) throws {
        let options = try PipelineRun.options()
        resolver = ClusterResolver(ClusterStore(objects), options: options.resolution)
        builder = RulesetBuilder(resolver.resolveAll().cluster, options.compiler)
        let ruleset = builder.ruleset()
        states = Dictionary(uniqueKeysWithValues: ruleset.tables.map { ($0.name, TableState($0)) })
        var provenance = Provenance(version: "bench", appliedAt: 0, summary: builder.summary)
        provenance.sign(builder.digest)
        firstBytes = try BatchEncoder.encode(Transaction.replacing(with: ruleset, provenance: provenance)).bytes.count
    }

    mutating func follow(_ changes: [ClusterChange]) throws -> Step {
        guard case .services(let keys) = resolver.apply(changes) else {
            throw BenchError("a change of a service concerns everything")
        }
        var step = Step()
        let made = builder.madeContributions
        resolver.forEachService(keys) { builder.replace($0, with: $1) }
        step.contributions = builder.madeContributions - made
        let tableChanges = builder.takeChanges()
        var provenance = Provenance(version: "bench", appliedAt: 0, summary: builder.summary)
        provenance.sign(builder.digest)
        for change in tableChanges {
            step.compared += change.elementCount
            guard let plan = states[change.name]?.plan(change, provenance: provenance, remembered: { _ in [] }) else {
                throw BenchError("a change of a service needs a plan of the whole table")
            }
            for transaction in plan.transactions {
                step.bytes += try BatchEncoder.encode(transaction).bytes.count
            }
        }
        return step
    }
}

extension TableChange {
    fileprivate var elementCount: Int {
        let single = [removed, added].reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } }
        return lists.reduce(single) { $0 + $1.before.endpoints.count + $1.after.endpoints.count }
    }
}
