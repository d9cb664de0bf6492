// SPDX-License-Identifier: Apache-2.0

package import FerruleNetlink
package import FerruleNetwork
internal import FerrulePlanner
package import FerruleRuleset

/// Brings the kernel to a ruleset.
package struct Applier {
    let kernel: Kernel
    let ruleset: Ruleset
    /// Who applies, and when.
    let provenance: Provenance
    /// The node's own, by which tracked connections are told from those to others.
    let localAddresses: Set<IPAddress>

    package init(kernel: Kernel, ruleset: Ruleset, provenance: Provenance, localAddresses: Set<IPAddress> = []) {
        (self.kernel, self.ruleset, self.provenance) = (kernel, ruleset, provenance)
        self.localAddresses = localAddresses
    }

    package struct Outcome: Sendable, Equatable {
        package var elementsAdded = 0
        package var elementsRemoved = 0
        package var isChanged = false
        /// What somebody else had put into Ferrule's tables.
        package var drift: [String] = []
        var tidying = Tidying()
    }

    /// How often a plan is made anew because somebody changed the ruleset meanwhile.
    private static let newPlans = 3

    /// Sends what differs; nothing if nothing does.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if the ruleset was changed by somebody whenever it was about to be.
    ///
    /// - Parameter onFirst: is told as soon as anything of it stands in the kernel.
    package func update(_ mode: Kernel.Mode, onFirst: () -> Void = {}) throws(NetlinkError) -> Outcome {
        for _ in 0..<Applier.newPlans {
            do throws(NetlinkError) {
                return try updateOnce(mode, onFirst)
            } catch  where error.meansChangedUnderway {
                // Also where elements that packets had written expired before they were removed.
                continue
            }
        }
        return try updateOnce(mode, onFirst)
    }

    /// Makes the tables anew, whatever is in them.
    package func replace(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        let step = try step(from: kernel.read(ruleset.tables.map(\.name)), replaces: true)
        try kernel.apply(step.changes, mode)
        var outcome = step.outcome
        if mode == .commit { outcome.tidying = tidied(after: step) }
        return outcome
    }

    /// What has to be sent, in up to three transactions (see ``Plan``), and what that comes to.
    struct Step {
        var structure = Transaction()
        var changes = Transaction()
        var cleanup = Transaction()
        var outcome = Outcome()
        /// What is served before it, by family.
        var former: [IPFamily: ServedAddresses] = [:]
    }

    /// What has to be sent to bring what was read to the ruleset, or with `replaces` to make the tables anew.
    func step(from state: KernelState, replaces: Bool) throws(NetlinkError) -> Step {
        var step = try replaces ? rebuilding() : difference(from: state)
        guard step.outcome.isChanged else { return step }
        for table in state.ruleset.tables { step.former[table.family] = ServedAddresses(of: table) }
        return step
    }

    private func difference(from state: KernelState) -> Step {
        let plan = Planner.plan(
            from: state.ruleset, to: ruleset, provenance: signed)
        let outcome = Outcome(
            elementsAdded: plan.elementsAdded, elementsRemoved: plan.elementsRemoved, isChanged: !plan.isEmpty,
            drift: plan.drift)
        return Step(structure: plan.structure, changes: plan.changes, cleanup: plan.cleanup, outcome: outcome)
    }

    private func rebuilding() throws(NetlinkError) -> Step {
        let transaction = Transaction.replacing(with: try kernel.keepingDynamicElements(in: ruleset), provenance: signed)
        return Step(changes: transaction, outcome: Outcome(elementsAdded: transaction.elementCount, isChanged: true))
    }

    /// The record, with the digest of the ruleset.
    private var signed: Provenance {
        var provenance = provenance
        provenance.digest = RulesetDigest(of: ruleset).description
        return provenance
    }

    /// Sends a step to the kernel, if its ruleset still is of the generation that the step was made for, and tidies up after
    /// it; says so as soon as something stands there.
    func commit(_ step: Step, generation: UInt32, onFirst: () -> Void) throws(NetlinkError) -> Tidying {
        var generation = generation
        for transaction in [step.structure, step.changes] where !transaction.isEmpty {
            try kernel.apply(transaction, generation: generation)
            onFirst()
            generation &+= 1
        }
        // Traffic has its new ruleset now.
        var problem: String?
        do throws(NetlinkError) {
            try kernel.apply(step.cleanup, generation: generation)
        } catch  where !error.meansChangedUnderway {
            problem = "what only packets on their way needed was not removed (\(error.wording)); the next apply does it"
        } catch {
            // The next apply does it.
        }
        var tidying = tidied(after: step)
        tidying.problems += problem.map { [$0] } ?? []
        return tidying
    }

    /// What is left to do once a step stands, or where nothing differs.
    func tidied(after step: Step) -> Tidying {
        var tidying = Tidying()
        tidying.run(kernel, ruleset, former: step.former, localAddresses: localAddresses)
        return tidying
    }

    private func updateOnce(_ mode: Kernel.Mode, _ onFirst: () -> Void) throws(NetlinkError) -> Outcome {
        let state = try kernel.read(ruleset.tables.map(\.name))
        let step = try step(from: state, replaces: false)
        var outcome = step.outcome
        if mode == .check {
            // Nothing of the structure stays, so all parts are judged as one.
            let whole = Transaction(
                step.structure.operations + step.changes.operations + step.cleanup.operations)
            if outcome.isChanged { try kernel.apply(whole, generation: state.generation, .check) }
            return outcome
        }
        outcome.tidying =
            try outcome.isChanged
            ? commit(step, generation: state.generation, onFirst: onFirst) : tidied(after: step)
        return outcome
    }
}
