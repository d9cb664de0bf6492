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

    /// How often a plan is made anew because somebody changed Ferrule's tables meanwhile.
    private static let newPlans = 3

    /// Sends what differs; nothing if nothing does.
    ///
    /// The first plan is bound to the number of the ruleset, so nobody may have committed anything since it was read. Where
    /// somebody has, perhaps to tables of its own, the tables are claimed, and read again: then only other changes to these
    /// tables have a plan refused.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if Ferrule's tables were changed by somebody whenever they were about to be.
    package func update(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        for attempt in 0..<Applier.newPlans {
            do throws(NetlinkError) {
                return try updateOnce(mode, claiming: attempt > 0)
            } catch  where error.meansChangedUnderway {
                // Also where elements that packets had written expired before they were removed.
                continue
            }
        }
        return try updateOnce(mode, claiming: true)
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
        /// A table that stands before and after each of them, where there are several.
        var table: TableName?
    }

    /// What has to be sent to bring what was read to the ruleset, or with `replaces` to make the tables anew.
    func step(from state: KernelState, replaces: Bool) throws(NetlinkError) -> Step {
        if replaces { return try rebuilding() }
        let plan = Planner.plan(
            from: state.ruleset, to: ruleset, provenance: signed)
        let outcome = Outcome(
            elementsAdded: plan.elementsAdded, elementsRemoved: plan.elementsRemoved, isChanged: !plan.isEmpty,
            drift: plan.drift)
        let standing = Set(state.ruleset.tables.filter { !$0.isAbsent }.map(\.name))
        return Step(
            structure: plan.structure, changes: plan.changes, cleanup: plan.cleanup, outcome: outcome,
            table: ruleset.tables.first { !$0.isAbsent && standing.contains($0.name) }?.name)
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

    /// Claims the tables, for a state that is read next: see ``binding(to:_:)``.
    func claim() throws(NetlinkError) -> Claim? {
        try kernel.claim(ruleset.tables.map(\.name), orNew: ruleset.tables.first { !$0.isAbsent }?.name)
    }

    /// Gives a claim up, as far as it still stands. Nothing depends on it, so what fails here is no failure.
    func release(_ claim: Claim?) {
        guard let claim else { return }
        do throws(NetlinkError) { try kernel.release(claim) } catch { return }
    }

    /// What a plan that is made from a state is bound to: the claim that was made before it was read, or without one the
    /// number of the ruleset.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if the claim had gone already when the state was read.
    func binding(to state: KernelState, _ claim: Claim?) throws(NetlinkError) -> Binding {
        guard let claim else { return Binding(generation: state.generation, claims: state.claims) }
        guard state.claims.contains(where: claim.isSame) else { throw .changedUnderway }
        return Binding(claims: state.claims)
    }

    /// Sends a step to the kernel, if what it is bound to still is so; says so as soon as something stands there.
    ///
    /// Each transaction but the last leaves a claim for the next one.
    func commit(_ step: Step, bound binding: Binding, onFirst: () -> Void = {}) throws(NetlinkError) {
        let parts = [step.structure, step.changes, step.cleanup].filter { !$0.isEmpty }
        var (binding, claim) = (binding, Claim?.none)
        for (number, part) in parts.enumerated() {
            let isLast = number + 1 == parts.count
            let next = isLast ? nil : step.table.map { Claim(in: $0) }
            do throws(NetlinkError) {
                try kernel.apply(part, bound: binding, leaving: next)
            } catch {
                release(claim)
                // Traffic has its new ruleset already; the next apply cleans up.
                if number > 0, isLast, !step.cleanup.isEmpty, error.meansChangedUnderway { return }
                throw error
            }
            onFirst()
            (binding, claim) = (Binding(claims: next.map { [$0] } ?? []), next)
        }
    }

    private func updateOnce(_ mode: Kernel.Mode, claiming: Bool) throws(NetlinkError) -> Outcome {
        let claim = try claiming && mode == .commit ? claim() : nil
        let step: Step
        do throws(NetlinkError) {
            let state = try kernel.read(ruleset.tables.map(\.name))
            step = try self.step(from: state, replaces: false)
            if mode == .check {
                // Nothing of the structure stays, so all parts are judged as one.
                try kernel.apply(
                    Transaction(step.structure.operations + step.changes.operations + step.cleanup.operations), .check)
                return step.outcome
            }
            if step.outcome.isChanged { try commit(step, bound: binding(to: state, claim)) }
        } catch {
            release(claim)
            throw error
        }
        guard step.outcome.isChanged else {
            release(claim)
            return step.outcome
        }
        try kernel.purgeDynamicSets(of: ruleset)
        return step.outcome
    }
}
