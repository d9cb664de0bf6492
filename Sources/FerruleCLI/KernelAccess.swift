// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import ArgumentParser
internal import FerruleNetlink

/// Calls the kernel, and turns its errors into messages and exit codes.
struct KernelAccess {
    let console: Console

    /// What stands in the kernel where something went wrong.
    enum Standing {
        /// It was only asked for what is there.
        case asked
        /// What stood there before.
        case before
        /// The same for traffic; but maps and chains are there that the new ruleset would have needed.
        case beforeAndUnused
        /// What stood there before, put back.
        case putBack
        /// The new ruleset, which was to be put back.
        case applied
        case unknown

        /// What is known to stand after an error.
        func after(_ error: NetlinkError) -> Standing {
            if case .outcomeUnknown = error, self != .putBack { .unknown } else { self }
        }

        var text: String? {
            switch self {
            case .asked: nil
            case .before: "nothing was changed"
            case .beforeAndUnused: "traffic sees what it saw before; maps and chains that were made for it stand unused"
            case .putBack: "the previous ruleset was put back"
            case .applied: "the new ruleset stands"
            case .unknown: "whether the ruleset was changed is not known"
            }
        }
    }

    /// - Parameter standing: what stands in the kernel if the work fails.
    func perform<Result>(
        _ standing: Standing, _ work: (Kernel) throws(NetlinkError) -> Result
    ) throws -> Result {
        do throws(NetlinkError) {
            return try console.during("waiting for the kernel") { () throws(NetlinkError) in try work(Kernel()) }
        } catch {
            throw report(error, standing)
        }
    }

    /// Prints what went wrong; the exit code for it.
    func report(_ error: NetlinkError, _ standing: Standing) -> ExitCode {
        console.failure(error.wording + (standing.after(error).text.map { "; \($0)" } ?? ""), hint: error.hint)
        for lack in error.furtherLacks { console.failure(lack) }
        // The rest are likely to follow from the first.
        for refusal in error.steps.prefix(10) { console.failure("\(refusal)") }
        if error.steps.count > 10 { console.failure("and \(error.steps.count - 10) more") }
        return error.exitCode
    }
}
