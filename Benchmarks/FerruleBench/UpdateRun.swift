// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleKubernetes
import FerruleNetlink
import FerrulePlanner
import FerruleResolution
import FerruleRuleset

/// One endpoint changed in a kernel that holds a whole cluster: what an `apply` does after reading its input.
struct UpdateRun: Measurement {
    let model: SyntheticModel
    let rounds: Int

    func measure() throws -> [UpdateCosts] {
        let options = try PipelineRun.options()
        let kernel = Kernel()
        let provenance = Provenance(version: "bench", appliedAt: 0, summary: Summary())
        var objects = model.objects()
        var ruleset = Self.compile(objects, options)
        try kernel.apply(Transaction.replacing(with: ruleset, provenance: provenance))
        var costs: [UpdateCosts] = []
        for round in 1...rounds {
            let dump = try seconds { try BareDump.run(ruleset) }
            var cost = UpdateCosts(dump: dump.seconds, dumpedBytes: dump.result)
            cost.unchanged = try step(kernel, ruleset, provenance).read

            objects = SyntheticModel.replacingEndpoint(round, in: objects)
            ruleset = Self.compile(objects, options)
            let (read, plan, commit, sent) = try step(kernel, ruleset, provenance)
            (cost.read, cost.plan, cost.commit, cost.elements) = (read, plan, commit, sent)
            costs.append(cost)
        }
        return costs
    }

    private static func compile(_ objects: ClusterObjects, _ options: (ResolutionOptions, CompilerOptions)) -> Ruleset {
        RulesetCompiler.compile(ClusterResolver.resolve(objects, options: options.0).cluster, options.1)
    }

    /// Reads, plans and commits; the times of the three, and how many elements came or went.
    private func step(
        _ kernel: Kernel, _ ruleset: Ruleset, _ provenance: Provenance
    ) throws -> (read: Double, plan: Double, commit: Double, elements: Int) {
        let (state, read) = try seconds { try kernel.read(ruleset.tables.map(\.name)) }
        let (plan, planning) = seconds {
            Planner.plan(
                from: state.ruleset, to: ruleset, provenance: provenance, isGenerated: ObjectNames.isGenerated)
        }
        guard !plan.isEmpty else { return (read + planning, planning, 0, 0) }
        let commit = try seconds {
            if !plan.structure.isEmpty { try kernel.apply(plan.structure) }
            try kernel.apply(plan.changes)
        }.seconds
        return (read, planning, commit, plan.elementsAdded + plan.elementsRemoved)
    }
}

/// Times in seconds.
struct UpdateCosts: Codable {
    /// The kernel's listing of everything, thrown away.
    var dump: Double
    var dumpedBytes: Int
    /// Reading and planning where nothing is to be done.
    var unchanged = 0.0
    var read = 0.0
    var plan = 0.0
    var commit = 0.0
    /// How many elements came or went.
    var elements = 0

    init(dump: Double, dumpedBytes: Int) { (self.dump, self.dumpedBytes) = (dump, dumpedBytes) }

    var all: Double { read + plan + commit }
}
