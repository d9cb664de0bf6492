// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNetlink
internal import FerruleNode
internal import FerrulePlanner
internal import FerruleRuleset

/// `ferrule apply` with nftables.
struct NFTablesApply {
    let console: Console
    let output: Pipeline.Output
    let provenance: Provenance
    let host: Machine
    let options: ApplyCommand.Options

    private let clock = ContinuousClock()

    private var both: BothBackends { BothBackends(console: console) }

    func run() throws {
        let applier = Applier(
            kernel: Kernel(), ruleset: output.ruleset, provenance: provenance,
            localAddresses: Set(host.interfaceAddresses))
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        if let seconds = options.confirm {
            try confirmed(applier, folder, seconds)
        } else {
            try unconfirmed(applier, folder)
        }
    }

    /// Applies for good, or only asks the kernel.
    private func unconfirmed(_ applier: Applier, _ folder: ConfirmationFolder) throws {
        try console.locked(options.check ? nil : options.replace ? .alone : .shared) {
            let start = clock.now
            let displaced = try both.iptables()
            if !options.replace { try both.refuse(displaced) }
            try finish(start, try apply(applier, folder), displacing: displaced)
        }
    }

    private func apply(_ applier: Applier, _ folder: ConfirmationFolder) throws -> Applier.Outcome {
        let lock = try console.reporting { () throws(ConfirmationError) in
            try options.check ? nil : folder.lockForApply()
        }
        defer { extendLifetime(lock) }
        let mode: Kernel.Mode = options.check ? .check : .commit
        var standing = KernelAccess.Standing.before
        do throws(NetlinkError) {
            let outcome =
                try options.replace ? applier.replace(mode) : applier.update(mode) { standing = .beforeAndUnused }
            note(outcome)
            return outcome
        } catch {
            throw KernelAccess(console: console).report(error, standing)
        }
    }

    /// Applies, and waits until somebody keeps it or it has been put back.
    private func confirmed(_ applier: Applier, _ folder: ConfirmationFolder, _ seconds: Int) throws {
        var start = clock.now
        let result = try console.locked(.shared) {
            Interruption.hold()
            start = clock.now
            try both.refuse(both.iptables())
            let apply = ConfirmedApply(
                console: console, applier: applier, replaces: options.replace, seconds: seconds, folder: folder)
            return try console.during("waiting for the kernel") { try apply.start() }
        }
        note(result.outcome)
        let summary = Result { try finish(start, result.outcome, displacing: []) }
        if let watchdog = result.watchdog {
            var prompt = ConfirmationPrompt(console: console, seconds: seconds)
            try prompt.wait(for: watchdog, restoration: result.restoration)
        }
        // A summary that could not be printed is no reason not to ask.
        try summary.get()
    }

    private func note(_ outcome: Applier.Outcome) {
        console.noteDrift(
            outcome.drift,
            (options.check ? "would remove" : "removed") + " what somebody else put into Ferrule's tables")
        console.print(outcome.tidying.problems.map { Diagnostic(.warning, "the ruleset stands, but \($0)") })
    }

    /// Removes what the tables displace, and says what was done since a time.
    ///
    /// - Parameter displaced: what stands of the other backend.
    private func finish(
        _ start: ContinuousClock.Instant, _ outcome: Applier.Outcome, displacing displaced: [IPTablesState]
    ) throws {
        let removes = !options.check && !displaced.isEmpty
        let warnings =
            (removes ? try both.remove(displaced) : [])
            + (!options.check && outcome.isChanged ? console.warnOfAgent() : [])
        let summary = ApplySummary(
            isCheck: options.check, summary: output.ruleset.summary, parse: milliseconds(output.parseTime),
            compile: milliseconds(output.compileTime), kernel: milliseconds(clock.now - start),
            removed: removes ? both.removed([], displaced) : nil, warnings: warnings)
        let report = ApplyReport(summary: summary, outcome: outcome)
        try console.result(
            options.format == .json ? report.json : report.text, after: options.check ? nil : "the ruleset stands")
    }
}
