// SPDX-License-Identifier: Apache-2.0

package import FerruleNetlink
package import FerruleNetwork
package import FerrulePlanner
package import FerruleRuleset

/// Brings the kernel to a ruleset.
package struct Applier {
    package let kernel: Kernel
    package let ruleset: Ruleset
    /// Who applies, and when; signed for the ruleset, or not at all.
    let provenance: Provenance
    /// The node's own, by which tracked connections are told from those to others.
    let localAddresses: Set<IPAddress>
    /// Tables of another program, which go in the transaction in which traffic gets the ruleset: no packet meets both, or
    /// neither.
    let displaced: [TableName]

    package init(
        kernel: Kernel, ruleset: Ruleset, provenance: Provenance, localAddresses: Set<IPAddress> = [],
        displacing displaced: [TableName] = []
    ) {
        (self.kernel, self.ruleset, self.provenance) = (kernel, ruleset, provenance)
        (self.localAddresses, self.displaced) = (localAddresses, displaced)
    }

    package struct Outcome: Sendable, Equatable {
        package var work = KernelWork()
        package var isChanged = false
        /// Whether the record alone was sent: all else stood as it should.
        package var isRecordedAnew = false
        /// What somebody else had put into Ferrule's tables.
        package var drift: [String] = []
        package var tidying = Tidying()
        /// How many chains and sets that no service needs any more were removed: see ``KernelFollower``.
        package var sweptCount = 0
        /// The number of the ruleset after all of it, if nobody else has committed since the tables were read; nil where that is
        /// not known. What tidying has committed is not counted.
        package var generation: UInt32?
        /// What stands in the tables when all of it has been carried out (see ``Plan/after``).
        var after: [Table] = []

        package init() {}

        init(_ plan: Plan, on actual: Ruleset) {
            (work, isChanged) = (plan.work(on: actual), !plan.isEmpty)
            (drift, after) = (plan.drift, plan.after)
        }
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
    ///
    /// - Parameter onFirst: is told as soon as anything of it stands in the kernel.
    package func update(_ mode: Kernel.Mode, onFirst: () -> Void = {}) throws(NetlinkError) -> Outcome {
        for attempt in 0..<Applier.newPlans {
            do throws(NetlinkError) {
                return try updateOnce(mode, claiming: attempt > 0, onFirst)
            } catch  where error.meansChangedUnderway {
                // Also where elements that packets had written expired before they were removed.
                continue
            }
        }
        return try updateOnce(mode, claiming: true, onFirst)
    }

    /// Makes the tables anew, whatever is in them.
    package func replace(_ mode: Kernel.Mode) throws(NetlinkError) -> Outcome {
        let sending = try sending(from: kernel.read(ruleset.tables.map(\.name)), replaces: true)
        try kernel.apply(sending.plan.changes, mode)
        var outcome = sending.outcome
        if mode == .commit { outcome.tidying = tidied(after: sending) }
        return outcome
    }

    /// What has to be sent, and what that comes to.
    package struct Sending {
        var plan: Plan
        package var outcome: Outcome
        /// A table that stands before and after each transaction of the plan, where there are several.
        var table: TableName?
        /// What is served before it, by family.
        var former: [IPFamily: ServedAddresses] = [:]
    }

    /// What has to be sent to bring what was read to the ruleset, or with `replaces` to make the tables anew.
    package func sending(from state: KernelState, replaces: Bool) throws(NetlinkError) -> Sending {
        var sending = try replaces ? rebuilding(state.ruleset) : difference(from: state)
        guard sending.outcome.isChanged else { return sending }
        for table in state.ruleset.tables { sending.former[table.family] = ServedAddresses(of: table) }
        return sending
    }

    private func difference(from state: KernelState) -> Sending {
        var plan = Planner.plan(from: state.ruleset, to: ruleset, provenance: signed)
        var outcome = Outcome(plan, on: state.ruleset)
        if plan.isEmpty { plan.changes = recording(in: state) }
        if !displaced.isEmpty {
            plan.changes.operations += Transaction.deleting(displaced).operations
            outcome.isChanged = true
        }
        let standing = Set(state.ruleset.tables.filter { !$0.isAbsent }.map(\.name))
        return Sending(
            plan: plan, outcome: outcome,
            table: ruleset.tables.first { !$0.isAbsent && standing.contains($0.name) }?.name)
    }

    /// The records of tables that stand as they should, where a record tells of something else: of other services or another node,
    /// or in the form of another version.
    private func recording(in state: KernelState) -> Transaction {
        let (tables, provenance) = (ruleset.tables.filter { !$0.isAbsent }, signed)
        guard !tables.allSatisfy({ state.isRecorded(provenance, in: $0.name) }) else { return Transaction() }
        return Transaction(
            tables.flatMap { table in
                let hasRecord = state.ruleset.tables.contains { $0.name == table.name && $0.hasRecord }
                return Transaction.recording(provenance, in: table.name, hasRecord: hasRecord).operations
            })
    }

    private func rebuilding(_ actual: Ruleset) throws(NetlinkError) -> Sending {
        var plan = Plan(.replacing(with: try kernel.keepingDynamicElements(in: ruleset), provenance: signed))
        plan.drift = actual.tables.flatMap(\.foreignDescriptions)
        return Sending(plan: plan, outcome: Outcome(plan, on: actual))
    }

    /// The record, with what it says of the ruleset.
    private var signed: Provenance {
        var provenance = provenance
        // Who follows a ruleset has its digest at hand, which otherwise takes a look at every element.
        if provenance.digest == nil { provenance.sign(ruleset) }
        return provenance
    }

    /// Claims the tables, for a state that is read next: see ``binding(to:_:)``.
    package func claim() throws(NetlinkError) -> Claim? {
        try kernel.claim(ruleset.tables.map(\.name), orNew: ruleset.tables.first { !$0.isAbsent }?.name)
    }

    /// Gives a claim up, as far as it still stands. Nothing depends on it, so what fails here is no failure.
    package func release(_ claim: Claim?) {
        guard let claim else { return }
        do throws(NetlinkError) { try kernel.release(claim) } catch { return }
    }

    /// What a plan that is made from a state is bound to: the claim that was made before it was read, or without one the
    /// number of the ruleset.
    ///
    /// Throws ``NetlinkError/changedUnderway`` if the claim had gone already when the state was read.
    package func binding(to state: KernelState, _ claim: Claim?) throws(NetlinkError) -> Binding {
        guard let claim else { return Binding(generation: state.generation, claims: state.claims) }
        guard state.claims.contains(where: claim.isSame) else { throw .changedUnderway }
        return Binding(claims: state.claims)
    }

    /// Sends all of it to the kernel, if what it is bound to still is so, and tidies up after it; says so as soon as something
    /// stands there.
    ///
    /// Each transaction but the last leaves a claim for the next one. Returns how many the kernel has carried out, too.
    package func commit(
        _ sending: Sending, bound binding: Binding, onFirst: () -> Void
    ) throws(NetlinkError) -> (tidying: Tidying, count: UInt32) {
        let changes = [sending.plan.structure, sending.plan.changes].filter { !$0.isEmpty }
        var (binding, claim) = (binding, Claim?.none)
        var count: UInt32 = 0
        for (number, part) in changes.enumerated() {
            let isLast = number + 1 == changes.count && sending.plan.cleanup.isEmpty
            let next = isLast ? nil : sending.table.map { Claim(in: $0) }
            do throws(NetlinkError) {
                try kernel.apply(part, bound: binding, leaving: next)
            } catch {
                release(claim)
                throw error
            }
            onFirst()
            count += 1
            (binding, claim) = (Binding(claims: next.map { [$0] } ?? []), next)
        }
        // Traffic has its new ruleset now.
        var problem: String?
        do throws(NetlinkError) {
            if !sending.plan.cleanup.isEmpty {
                try kernel.apply(sending.plan.cleanup, bound: binding)
                count += 1
            }
        } catch {
            release(claim)
            // Where somebody changed the tables meanwhile, the next apply does it.
            if !error.meansChangedUnderway {
                problem =
                    "what only packets on their way needed was not removed (\(error.wording)); the next apply does it"
            }
        }
        var tidying = tidied(after: sending)
        tidying.problems += problem.map { [$0] } ?? []
        return (tidying, count)
    }

    /// What is left to do once all of it stands, or where nothing differs.
    package func tidied(after sending: Sending) -> Tidying {
        var tidying = Tidying()
        tidying.run(kernel, ruleset, former: sending.former, localAddresses: localAddresses)
        return tidying
    }

    private func updateOnce(
        _ mode: Kernel.Mode, claiming: Bool, _ onFirst: () -> Void
    ) throws(NetlinkError) -> Outcome {
        let claim = try claiming && mode == .commit ? claim() : nil
        do throws(NetlinkError) {
            let state = try kernel.read(ruleset.tables.map(\.name))
            let sending = try sending(from: state, replaces: false)
            var outcome = sending.outcome
            if mode == .check {
                // Nothing of the structure stays, so all parts are judged as one.
                if outcome.isChanged { try kernel.apply(Transaction(sending.plan.operations), .check) }
                return outcome
            }
            if !sending.plan.isEmpty {
                let (tidying, count) = try commit(sending, bound: binding(to: state, claim), onFirst: onFirst)
                (outcome.tidying, outcome.generation) = (tidying, state.generation &+ count)
                outcome.isRecordedAnew = !outcome.isChanged
            } else {
                release(claim)
                (outcome.tidying, outcome.generation) = (tidied(after: sending), state.generation)
            }
            // A claim is a commit too, and goes in one.
            if claim != nil { outcome.generation = nil }
            return outcome
        } catch {
            release(claim)
            throw error
        }
    }
}

extension KernelState {
    /// Whether the record beside a table tells the same, but for when and by which version it was applied.
    fileprivate func isRecorded(_ provenance: Provenance, in table: TableName) -> Bool {
        guard let standing = self.provenance(of: table) else { return false }
        var same = provenance
        (same.version, same.appliedAt) = (standing.version, standing.appliedAt)
        return same.record(of: table) == records[table]
    }
}
