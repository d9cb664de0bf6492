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
            let outcome = try apply(applier, folder)
            try say(report(start, outcome, displacing: displaced))
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
        var report = try report(start, result.outcome, displacing: [])
        guard let watchdog = result.watchdog else { return try say(report) }
        // People are told what they are asked about, programs what became of it. A summary that could not be printed is no
        // reason not to ask.
        let told = Result { if options.format == .text { try say(report) } }
        var prompt = ConfirmationPrompt(console: console, seconds: seconds)
        do {
            try prompt.wait(for: watchdog, restoration: result.restoration)
        } catch {
            report.summary.isKept = false
            if options.format == .json { try say(report) }
            throw error
        }
        if options.format == .json { try say(report) }
        try told.get()
    }

    private func note(_ outcome: Applier.Outcome) {
        console.noteDrift(
            outcome.drift,
            (options.check ? "would remove" : "removed") + " what somebody else put into Ferrule's tables")
        console.print(outcome.tidying.problems.map { Diagnostic(.warning, "the ruleset stands, but \($0)") })
    }

    /// Removes what the tables displace.
    ///
    /// - Parameter displaced: what stands of the other backend.
    /// - Returns: what was done since a time.
    private func report(
        _ start: ContinuousClock.Instant, _ outcome: Applier.Outcome, displacing displaced: [IPTablesState]
    ) throws -> ApplyReport {
        let removes = !options.check && !displaced.isEmpty
        let warnings =
            (removes ? try both.remove(displaced) : [])
            + (!options.check && outcome.isChanged ? console.warnOfAgent() : [])
        let summary = ApplySummary(
            isCheck: options.check, summary: output.ruleset.summary, parse: milliseconds(output.parseTime),
            compile: milliseconds(output.compileTime), kernel: milliseconds(clock.now - start),
            removed: removes ? Displaced(variants: displaced.map(\.programs.variant)) : Displaced(),
            warnings: warnings)
        return ApplyReport(summary: summary, outcome: outcome)
    }

    private func say(_ report: ApplyReport) throws {
        try console.result(
            options.format == .json ? report.json : report.text,
            after: options.check || !report.summary.isKept ? nil : "the ruleset stands")
    }
}
