// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import ArgumentParser
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
            other table is changed. Where a table nat stands, iptables-save is asked whether chains of the other backend \
            do, which is refused without --replace. Needs CAP_NET_ADMIN. If the kernel refuses anything, traffic sees what it saw before.

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
        let provenance = Provenance(
            version: ferruleVersion, appliedAt: Int64(Date().timeIntervalSince1970), summary: output.ruleset.summary,
            node: output.nodeName)
        switch options.backend {
        case .nftables:
            try NFTablesApply(
                console: console, output: output, provenance: provenance, host: host, options: options
            ).run()
        case .iptables:
            try IPTablesApply(
                console: console, output: output, provenance: provenance, host: host, options: options
            ).run()
        }
    }
}
