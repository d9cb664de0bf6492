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
        var objects = model.objects()
        var ruleset = Self.compile(objects, options)
        try kernel.apply(Transaction.replacing(with: ruleset, provenance: Self.provenance(of: ruleset)))
        var costs: [UpdateCosts] = []
        for round in 1...rounds {
            let dump = try seconds { try BareDump.run(ruleset) }
            let unchanged = try step(kernel, ruleset)
            guard unchanged.elements == 0 else { throw BenchError("a plan for no change changes something") }

            objects = SyntheticModel.replacingEndpoint(round, in: objects)
            ruleset = Self.compile(objects, options)
            var cost = try step(kernel, ruleset)
            (cost.dump, cost.dumpedBytes, cost.unchanged) = (dump.seconds, dump.result, unchanged.all)
            costs.append(cost)
        }
        return costs
    }

    /// With the digest that `apply` leaves in the kernel wherever it changes something.
    private static func provenance(of ruleset: Ruleset) -> Provenance {
        var provenance = Provenance(version: "bench", appliedAt: 0, summary: ruleset.summary)
        provenance.sign(ruleset)
        return provenance
    }

    private static func compile(_ objects: ClusterObjects, _ options: (ResolutionOptions, CompilerOptions)) -> Ruleset {
        RulesetCompiler.compile(ClusterResolver.resolve(objects, options: options.0).cluster, options.1)
    }

    /// Reads, plans and commits.
    private func step(_ kernel: Kernel, _ ruleset: Ruleset) throws -> UpdateCosts {
        var cost = UpdateCosts()
        let (state, read) = try seconds { try kernel.read(ruleset.tables.map(\.name)) }
        let (plan, planning) = seconds {
            Planner.plan(
                from: state.ruleset, to: ruleset, provenance: Self.provenance(of: ruleset))
        }
        (cost.read, cost.plan) = (read, planning)
        guard !plan.isEmpty else { return cost }
        let work = plan.work(on: state.ruleset)
        cost.elements = work.elementsAdded + work.elementsRemoved
        if !plan.structure.isEmpty { try kernel.apply(plan.structure) }
        var socket: NetfilterSocket? = try NetfilterSocket()
        cost.commit = try seconds { try socket?.commit(BatchEncoder.encode(plan.changes)) }.seconds
        cost.close = seconds { socket = nil }.seconds
        try kernel.apply(plan.cleanup)
        return cost
    }
}

/// Times in seconds.
struct UpdateCosts: Codable {
    /// The kernel's listing of everything, thrown away.
    var dump = 0.0
    var dumpedBytes = 0
    /// Reading and planning where nothing is to be done.
    var unchanged = 0.0
    var read = 0.0
    var plan = 0.0
    /// Encoding and sending, until the kernel says that it has taken effect.
    var commit = 0.0
    /// Closing the socket, for which the kernel waits until what was replaced can be freed.
    var close = 0.0
    /// How many elements came or went.
    var elements = 0

    var all: Double { read + plan + commit + close }
}
