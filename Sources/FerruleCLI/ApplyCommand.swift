// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleText
internal import ArgumentParser
internal import FerruleDiagnostics
internal import FerruleNetlink
internal import FerrulePlanner
internal import FerruleRuleset
internal import FoundationEssentials

/// `ferrule apply`: brings the kernel to the input.
struct ApplyCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Put the ruleset of Service definitions into the kernel, in one transaction.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            Only what differs is sent, and nothing if nothing does. Ferrule's tables are ip ferrule and ip6 ferrule; no \
            other table is read or touched. Needs CAP_NET_ADMIN. If the kernel refuses anything, traffic sees what it saw before.

            Connections that the kernel tracks already meet no rule: those that the new ruleset contradicts are then removed \
            from tracking, and counted.

            An input that would empty the node is refused: one without any Service, one with services that select pods but \
            no EndpointSlice, Endpoints or Pod, and one whose Node objects do not name this node.

            With --backend iptables it runs iptables-restore and ip6tables-restore, of the variant that the node uses, and \
            sends the chains that differ: each table at once, the filter before nat.

            With --confirm, a process of its own holds the previous ruleset ready, and puts it back when the time is over: \
            also if this one is killed or its terminal goes away. Exits with 75 if that happened.
            """,
        examples: [
            "ferrule apply -f cluster.yaml --check",
            "ferrule apply -f cluster.yaml --node-name node-a",
            "ferrule apply -f cluster.yaml --confirm 30",
            "ferrule apply -f cluster.yaml --backend iptables",
        ],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.refused,
                    "the kernel refused or changed meanwhile, and nothing was applied; or --confirm put the previous "
                        + "ruleset back; or the output cannot be written")
            ], Failure.ofKernel, Failure.always, Failure.ofInput),
        files: Manual.File.ofInput + [Manual.File.ofConfirmation])

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Flag(help: "Have the kernel validate the transaction, then forget it.")
        var check = false

        @Option(
            help: ArgumentHelp(
                "Put the previous ruleset back after so many seconds unless Enter is pressed or `ferrule confirm` is "
                    + "run.", valueName: "seconds"),
            transform: ApplyCommand.seconds)
        var confirm: Int?

        @Option(help: Backend.help)
        var backend = Backend.nftables

        @Flag(help: "Rebuild the tables, whatever is in them, and remove those of the other backend.")
        var replace = false

        @Flag(help: "Apply also what would take all services, or all their endpoints, from this node.")
        var allowEmpty = false

        @Option(help: "How to print the summary.")
        var format = Format.text
    }

    @OptionGroup(title: "Apply options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    private static func seconds(_ text: String) throws -> Int {
        guard let seconds = Int(text), (1...86_400).contains(seconds) else {
            throw ValidationError("'\(text)' is not a number of seconds, 1 to 86400")
        }
        return seconds
    }

    func validate() throws {
        guard options.confirm == nil || !options.check else {
            throw ValidationError("--check changes nothing, so there is nothing to --confirm")
        }
        guard options.confirm == nil || options.backend == .nftables else {
            throw ValidationError(
                "--confirm is of --backend nftables: iptables cannot put rules back in one transaction")
        }
        try options.backend.validate(input.detectLocalMode)
    }

    func run() throws {
        let console = global.console
        let host = Machine.current()
        let pipeline = Pipeline(
            input: input, console: console, host: host, refusesGaps: !options.allowEmpty, mayWriteLock: true)
        let output = try pipeline.run()
        let ruleset = output.ruleset
        let provenance = Provenance(
            version: ferruleVersion, appliedAt: Int64(Date().timeIntervalSince1970), summary: ruleset.summary,
            node: output.nodeName)
        guard options.backend == .nftables else {
            return try IPTablesApply(
                console: console, output: output, provenance: provenance, host: host, options: options
            ).run()
        }
        let applier = Applier(
            kernel: Kernel(), ruleset: ruleset, provenance: provenance, localAddresses: Set(host.interfaceAddresses))
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        let both = BothBackends(console: console)
        let clock = ContinuousClock()
        let finish = { (start: ContinuousClock.Instant, outcome: Applier.Outcome, displaced: [IPTablesState]) in
            let removes = !options.check && !displaced.isEmpty
            let warnings =
                (removes ? try both.remove(displaced) : [])
                + (!options.check && outcome.isChanged ? console.warnOfAgent() : [])
            let summary = ApplySummary(
                isCheck: options.check, summary: ruleset.summary, parse: milliseconds(output.parseTime),
                compile: milliseconds(output.compileTime), kernel: milliseconds(clock.now - start),
                removed: removes ? both.removed([], displaced) : nil, warnings: warnings)
            let report = ApplyReport(summary: summary, outcome: outcome)
            try console.result(
                options.format == .json ? report.json : report.text,
                after: options.check ? nil : "the ruleset stands")
        }
        guard let seconds = options.confirm else {
            return try console.locked(options.check ? nil : options.replace ? .alone : .shared) {
                let start = clock.now
                let displaced = try both.iptables()
                if !options.replace { try both.refuse(displaced) }
                try finish(start, try apply(applier, folder, console), displaced)
            }
        }
        var start = clock.now
        let result = try console.locked(.shared) {
            Interruption.hold()
            start = clock.now
            try both.refuse(both.iptables())
            let apply = ConfirmedApply(
                console: console, applier: applier, replaces: options.replace, seconds: seconds, folder: folder)
            return try console.during("waiting for the kernel") { try apply.start() }
        }
        note(result.outcome, console)
        let summary = Result { try finish(start, result.outcome, []) }
        let restoration = result.restoration
        if let watchdog = result.watchdog {
            var prompt = ConfirmationPrompt(console: console, seconds: seconds)
            try prompt.wait(for: watchdog, restoration: restoration)
        }
        // A summary that could not be printed is no reason not to ask.
        try summary.get()
    }

    /// Applies for good, or only asks the kernel.
    private func apply(
        _ applier: Applier, _ folder: ConfirmationFolder, _ console: Console
    ) throws -> Applier.Outcome {
        let lock = try console.reporting { () throws(ConfirmationError) in
            try options.check ? nil : folder.lockForApply()
        }
        defer { extendLifetime(lock) }
        let mode: Kernel.Mode = options.check ? .check : .commit
        var standing = KernelAccess.Standing.before
        do throws(NetlinkError) {
            let outcome =
                try options.replace ? applier.replace(mode) : applier.update(mode) { standing = .beforeAndUnused }
            note(outcome, console)
            return outcome
        } catch {
            throw KernelAccess(console: console).report(error, standing)
        }
    }

    private func note(_ outcome: Applier.Outcome, _ console: Console) {
        console.noteDrift(
            outcome.drift,
            (options.check ? "would remove" : "removed") + " what somebody else put into Ferrule's tables")
        console.print(outcome.tidying.problems.map { Diagnostic(.warning, "the ruleset stands, but \($0)") })
    }
}

/// What `ferrule apply` says at the end.
struct ApplyReport {
    let summary: ApplySummary
    let outcome: Applier.Outcome

    var text: String {
        let others = summary.others(outcome.tidying)
        return outcome.isChanged
            ? summary.changed(judge: "the kernel", [outcome.work.wordsWithElements] + others)
            : summary.unchanged(others.map { "; \($0)" })
    }

    var json: String {
        get throws {
            struct JSON: Encodable {
                var elementsAdded: Int
                var elementsRemoved: Int
                var kernel: KernelWorkJSON
            }
            let own = JSON(
                elementsAdded: outcome.work.elementsAdded, elementsRemoved: outcome.work.elementsRemoved,
                kernel: KernelWorkJSON(outcome.work))
            return try JSONText.encode(
                JSONMembers(summary.json(isChanged: outcome.isChanged, outcome.tidying), own))
        }
    }
}
