// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import Glibc

extension Console {
    /// Does something about a confirmation; prints why it is not possible, and exits by the contract's code.
    func reporting<Result: ~Copyable>(_ work: () throws(ConfirmationError) -> Result) throws -> Result {
        do throws(ConfirmationError) {
            return try work()
        } catch {
            throw report(error)
        }
    }

    private func report(_ error: ConfirmationError) -> ExitCode {
        switch error {
        case .isPending:
            failure(
                "an earlier apply waits for its confirmation; nothing was changed",
                hint: "`ferrule confirm` keeps it; otherwise the previous ruleset is put back when its time is over")
            return Failure.refused
        case .isBusy:
            failure("another apply or delete is at work; nothing was changed", hint: "run the command again")
            return Failure.refused
        case .watchdog(let reason):
            failure(
                "the watchdog that would put the previous ruleset back could not be made ready: \(reason); "
                    + "nothing was changed")
            return Failure.refused
        case .system(let number): return refuse("/run/ferrule cannot be used to wait for a confirmation", number)
        case .namespace(let number):
            return refuse("\(NamespaceLock.path), which keeps commands apart that change rules, cannot be used", number)
        }
    }

    /// - Parameter number: why (`errno`).
    private func refuse(_ message: String, _ number: Int32) -> ExitCode {
        let error = ErrorNumber(number)
        failure("\(message): \(error); nothing was changed")
        return error.meansNotPermitted ? Failure.notPermitted : Failure.refused
    }
}
