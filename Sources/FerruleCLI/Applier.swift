// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
internal import FerruleNetlink
internal import FerrulePlanner
internal import FerruleRuleset

/// Brings the kernel to a ruleset.
struct Applier {
    let kernel: Kernel
    let ruleset: Ruleset
    let provenance: Provenance

    struct Outcome {
        var elementsAdded = 0
        var elementsRemoved = 0
        var isChanged = false
        /// What somebody else had put into Ferrule's tables.
        var drift: [String] = []
    }

    /// How often a plan is made anew because somebody changed the ruleset meanwhile.
    private static let attempts = 3

    /// Sends what differs; nothing if nothing does.
    func update(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        for _ in 1..<Applier.attempts {
            do throws(NetlinkError) {
                return try updateOnce(mode)
            } catch .changedUnderway {
                continue
            }
        }
        return try updateOnce(mode)
    }

    /// Makes the tables anew, whatever is in them.
    func replace(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        let transaction = Transaction.replacing(with: try kernel.keepingMemory(in: ruleset), provenance: provenance)
        try kernel.apply(transaction, mode)
        return Outcome(elementsAdded: transaction.elementCount, isChanged: true)
    }

    private func updateOnce(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        let state = try kernel.read(ruleset.tables.map(\.name))
        let plan = Planner.plan(
            from: state.ruleset, to: ruleset, provenance: provenance, isGenerated: ObjectNames.isGenerated)
        var outcome = Outcome(
            elementsAdded: plan.elementsAdded, elementsRemoved: plan.elementsRemoved, isChanged: !plan.isEmpty)
        outcome.drift = plan.drift
        guard !plan.isEmpty else { return outcome }
        if mode == .check {
            // Nothing of the structure stays, so both parts are judged as one.
            let whole = Transaction(plan.structure.operations + plan.changes.operations)
            try kernel.apply(whole, generation: state.generation, .check)
            return outcome
        }
        var generation = state.generation
        if !plan.structure.isEmpty {
            try kernel.apply(plan.structure, generation: generation)
            generation &+= 1
        }
        try kernel.apply(plan.changes, generation: generation)
        try kernel.purgeMemory(of: ruleset)
        return outcome
    }
}
