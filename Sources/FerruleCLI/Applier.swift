// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
package import FerruleNetlink
internal import FerrulePlanner
package import FerruleRuleset

/// Brings the kernel to a ruleset.
package struct Applier {
    let kernel: Kernel
    let ruleset: Ruleset
    /// Who applies, and when.
    let provenance: Provenance

    package init(kernel: Kernel, ruleset: Ruleset, provenance: Provenance) {
        (self.kernel, self.ruleset, self.provenance) = (kernel, ruleset, provenance)
    }

    package struct Outcome: Sendable, Equatable {
        package var elementsAdded = 0
        package var elementsRemoved = 0
        package var isChanged = false
        /// What somebody else had put into Ferrule's tables.
        package var drift: [String] = []
        /// Established UDP flows to endpoints that are gone.
        var removedFlows = 0
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
        let step = try rebuilding()
        try kernel.apply(step.changes, mode)
        return step.outcome
    }

    /// What has to be sent, in up to three transactions (see ``Plan``), and what that comes to.
    struct Step {
        var structure = Transaction()
        var changes = Transaction()
        var cleanup = Transaction()
        var outcome = Outcome()
    }

    /// What has to be sent to bring what was read to the ruleset, or with `replaces` to make the tables anew.
    func step(from state: KernelState, replaces: Bool) throws(NetlinkError) -> Step {
        if replaces { return try rebuilding() }
        let plan = Planner.plan(
            from: state.ruleset, to: ruleset, provenance: signed)
        let outcome = Outcome(
            elementsAdded: plan.elementsAdded, elementsRemoved: plan.elementsRemoved, isChanged: !plan.isEmpty,
            drift: plan.drift)
        return Step(structure: plan.structure, changes: plan.changes, cleanup: plan.cleanup, outcome: outcome)
    }

    private func rebuilding() throws(NetlinkError) -> Step {
        let transaction = Transaction.replacing(
            with: try kernel.keepingDynamicElements(in: ruleset), provenance: signed)
        return Step(changes: transaction, outcome: Outcome(elementsAdded: transaction.elementCount, isChanged: true))
    }

    /// The record, with what it says of the ruleset.
    private var signed: Provenance {
        var provenance = provenance
        provenance.sign(ruleset)
        return provenance
    }

    /// Sends a step to the kernel, if its ruleset still is of the generation that the step was made for; says so as
    /// soon as something stands there.
    func commit(_ step: Step, generation: UInt32, onFirst: () -> Void = {}) throws(NetlinkError) {
        var generation = generation
        if !step.structure.isEmpty {
            try kernel.apply(step.structure, generation: generation)
            onFirst()
            generation &+= 1
        }
        if !step.changes.isEmpty {
            try kernel.apply(step.changes, generation: generation)
            onFirst()
            generation &+= 1
        }
        do throws(NetlinkError) {
            try kernel.apply(step.cleanup, generation: generation)
        } catch  where error.meansChangedUnderway {
            // Traffic has its new ruleset already; the next apply cleans up.
            return
        }
    }

    private func updateOnce(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        let state = try kernel.read(ruleset.tables.map(\.name))
        let step = try step(from: state, replaces: false)
        guard step.outcome.isChanged else { return step.outcome }
        if mode == .check {
            // Nothing of the structure stays, so all parts are judged as one.
            let whole = Transaction(
                step.structure.operations + step.changes.operations + step.cleanup.operations)
            try kernel.apply(whole, generation: state.generation, .check)
            return step.outcome
        }
        try commit(step, generation: state.generation)
        try kernel.purgeDynamicSets(of: ruleset)
        return step.outcome
    }
}
