// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
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
        var attempt = 1
        while true {
            do {
                return try startOnce()
            } catch let failure as NotApplied {
                attempt += 1
                guard failure.error == .changedUnderway, attempt <= ConfirmedApply.attempts else {
                    throw KernelAccess(console: console).report(failure.error, failure.standing)
                }
            }
        }
    }

    /// Why the new ruleset does not stand, and what does.
    private struct NotApplied: Error {
        let error: NetlinkError
        let standing: KernelAccess.Standing
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
            throw (error as? NetlinkError).map { NotApplied(error: $0, standing: .before) } ?? error
        }
        let (sending, sealed) = (prepared.sending, prepared.restoration)
        guard sending.outcome.isChanged else {
            applier.release(claim)
            folder.remove(holding: lock)
            var outcome = sending.outcome
            outcome.tidying = applier.tidied(after: sending)
            return Result(outcome: outcome, watchdog: nil, restoration: sealed)
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
        var outcome = sending.outcome
        var isTouched = false
        do throws(NetlinkError) {
            outcome.tidying = try applier.commit(sending, bound: prepared.binding) { isTouched = true }.tidying
            watchdog.tell(.applied)
        } catch {
            applier.release(claim)
            throw NotApplied(error: error, standing: putBack(by: watchdog, isTouched, error))
        }
        return Result(outcome: outcome, watchdog: watchdog, restoration: sealed)
    }

    /// Has what the kernel may hold of the new ruleset put back.
    private func putBack(
        by watchdog: borrowing WatchdogProcess, _ isTouched: Bool, _ error: NetlinkError
    ) -> KernelAccess.Standing {
        let leavesDoubt = if case .outcomeUnknown = error { true } else { false }
        watchdog.tell(isTouched || leavesDoubt ? .restore : .cancel)
        return switch watchdog.nextReport() {
        case .restored: .putBack
        case .cancelled: .before
        default: .unknown
        }
    }

    private struct Prepared {
        let sending: Applier.Sending
        let restoration: SealedTransaction
        let binding: Binding
    }

    /// Claims the tables and reads them, unless there is nothing to change: then nothing must be committed.
    private func prepare(_ claim: inout Claim?) throws -> Prepared {
        let prepared = try prepare(claimed: nil)
        guard prepared.sending.outcome.isChanged else { return prepared }
        claim = try applier.claim()
        return try prepare(claimed: claim)
    }

    private func prepare(claimed claim: Claim?) throws -> Prepared {
        let state = try applier.kernel.read(applier.ruleset.tables.map(\.name))
        let previous = PreviousRuleset(state)
        let sending = try applier.sending(from: state, replaces: replaces)
        if sending.outcome.isChanged { try refuse(previous.obstacles) }
        return Prepared(
            sending: sending, restoration: try SealedTransaction(previous.restoration),
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
