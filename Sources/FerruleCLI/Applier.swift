// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
package import FerruleNetlink
internal import FerrulePlanner
package import FerruleRuleset

/// Brings the kernel to a ruleset.
package struct Applier {
    private let kernel: Kernel
    private let ruleset: Ruleset
    private let provenance: Provenance

    package init(kernel: Kernel, ruleset: Ruleset, provenance: Provenance) {
        (self.kernel, self.ruleset, self.provenance) = (kernel, ruleset, provenance)
    }

    package struct Outcome: Sendable, Equatable {
        package var elementsAdded = 0
        package var elementsRemoved = 0
        package var isChanged = false
        /// What somebody else had put into Ferrule's tables.
        package var drift: [String] = []
    }

    /// How often a plan is made anew because somebody changed the ruleset meanwhile.
    private static let newPlans = 3

    /// Sends what differs; nothing if nothing does.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if the ruleset was changed by somebody whenever it was about to be.
    package func update(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        for _ in 0..<Applier.newPlans {
            do throws(NetlinkError) {
                return try updateOnce(mode)
            } catch  where error.meansChangedUnderway {
                // Also where elements that packets had written expired before they were removed.
                continue
            }
        }
        return try updateOnce(mode)
    }

    /// Makes the tables anew, whatever is in them.
    package func replace(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
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
