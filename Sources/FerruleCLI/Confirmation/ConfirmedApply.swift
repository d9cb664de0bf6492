// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import FerruleRuleset
internal import Glibc

/// An apply that is undone unless it is confirmed.
///
/// The order is what makes it safe: the tables are claimed, the previous ruleset is read, a watchdog is started with the
/// transaction that puts it back, the kernel has checked that transaction, the watchdog's time runs; only then the new
/// ruleset is committed, and only if the claim still stands. The watchdog replaces the tables, and the claim with them: so if
/// it has acted meanwhile, the commit is refused.
struct ConfirmedApply {
    let console: Console
    let applier: Applier
    let replaces: Bool
    let seconds: Int
    let folder: ConfirmationFolder

    private static let attempts = 3

    /// What was applied, and who waits for the confirmation; nobody if there was nothing to change.
    struct Result: ~Copyable {
        var outcome: Applier.Outcome
        var watchdog: WatchdogProcess?
        let restoration: SealedTransaction
    }

    func start() throws -> Result {
        for _ in 1..<ConfirmedApply.attempts {
            do {
                return try startOnce()
            } catch NetlinkError.changedUnderway {
                continue
            } catch let error as NetlinkError {
                throw KernelAccess(console: console).report(error)
            }
        }
        do {
            return try startOnce()
        } catch let error as NetlinkError {
            throw KernelAccess(console: console).report(error)
        }
    }

    private func startOnce() throws -> Result {
        let lock = try console.reporting { () throws(ConfirmationError) in try folder.lockForConfirmation() }
        var claim: Claim?
        let prepared: Prepared
        do {
            prepared = try prepare(&claim)
        } catch {
            applier.release(claim)
            folder.remove(holding: lock)
            throw error
        }
        let (step, sealed) = (prepared.step, prepared.restoration)
        guard step.outcome.isChanged else {
            applier.release(claim)
            folder.remove(holding: lock)
            return Result(outcome: step.outcome, watchdog: nil, restoration: sealed)
        }
        let watchdog: WatchdogProcess
        do {
            watchdog = try start(with: sealed, lock)
        } catch {
            applier.release(claim)
            throw error
        }
        if Interruption.isRequested {
            applier.release(claim)
            watchdog.tell(.cancel)
            _ = watchdog.nextReport()
            console.ask("interrupted: nothing was changed")
            Interruption.end()
        }
        var outcome = step.outcome
        var isTouched = false
        do throws(NetlinkError) {
            try applier.commit(step, bound: prepared.binding) { isTouched = true }
            watchdog.tell(.applied)
            try applier.kernel.purgeDynamicSets(of: applier.ruleset)
            outcome.removedFlows = try applier.kernel.removeStaleFlows(applier.ruleset.datagramFlows)
        } catch {
            applier.release(claim)
            watchdog.tell(isTouched || error.leavesDoubt ? .restore : .cancel)
            _ = watchdog.nextReport()
            throw error
        }
        return Result(outcome: outcome, watchdog: watchdog, restoration: sealed)
    }

    private struct Prepared {
        let step: Applier.Step
        let restoration: SealedTransaction
        let binding: Binding
    }

    /// Claims the tables and reads them, unless there is nothing to change: then nothing must be committed.
    private func prepare(_ claim: inout Claim?) throws -> Prepared {
        let prepared = try prepare(claimed: nil)
        guard prepared.step.outcome.isChanged else { return prepared }
        claim = try applier.claim()
        return try prepare(claimed: claim)
    }

    private func prepare(claimed claim: Claim?) throws -> Prepared {
        let state = try applier.kernel.read(applier.ruleset.tables.map(\.name))
        let previous = PreviousRuleset(state)
        let step = try applier.step(from: state, replaces: replaces)
        if step.outcome.isChanged { try refuse(previous.obstacles) }
        return Prepared(
            step: step, restoration: try SealedTransaction(previous.restoration),
            binding: try applier.binding(to: state, claim))
    }

    private func start(with sealed: SealedTransaction, _ lock: consuming OpenFile) throws -> WatchdogProcess {
        var lock: OpenFile? = consume lock
        return try console.reporting { () throws(ConfirmationError) in
            guard let lock = lock.take() else { throw .isBusy }
            let watchdog = try WatchdogProcess(sealed, seconds: seconds, in: folder, lock: lock)
            try watchdog.waitUntilReady()
            return watchdog
        }
    }

    private func refuse(_ obstacles: [String]) throws {
        guard !obstacles.isEmpty else { return }
        console.failure(
            "what stands in Ferrule's tables could not be put back exactly, for somebody else has written there: "
                + obstacles.joined(separator: ", ") + "; nothing was changed",
            hint: "`ferrule apply` without --confirm removes it")
        throw Failure.refused
    }
}

extension NetlinkError {
    /// Whether the kernel may have committed a transaction all the same.
    fileprivate var leavesDoubt: Bool {
        switch self {
        case .repliesLost, .systemCall: true
        case .notPermitted, .refused, .changedUnderway, .unsupported, .libraryRefused: false
        }
    }
}
