// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNFTText
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset

/// `ferrule render`: prints the ruleset.
struct RenderCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print the ruleset of Service definitions; needs no root and touches nothing.",
        discussion: manual.discussion)

    static let manual = Manual(
        synopses: Manual.ofInput,
        description: """
            The output is the same for the same input, on every machine and every run, byte for byte.

            With --backend iptables it is what `iptables-restore --noflush` takes, or with --family ipv6 \
            `ip6tables-restore --noflush`: an input with services of both families needs --family.
            """,
        examples: [
            "ferrule render -f services.yaml",
            "ferrule render -f cluster/ --node-name node-a -o node-a.nft",
            "ferrule render -f cluster/ --backend iptables --family ipv4",
            "kubectl get svc,endpointslices,nodes -A -o json | ferrule render -f -",
        ],
        exitCodes: Failure.sorted(Failure.always, Failure.ofInput), files: Manual.File.ofInput)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case nft, json, netlink
    }

    enum Families: String, ExpressibleByArgument, CaseIterable {
        case ipv4, ipv6, all

        var list: [IPFamily] {
            switch self {
            case .ipv4: [.ipv4]
            case .ipv6: [.ipv6]
            case .all: IPFamily.allCases
            }
        }
    }

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "nft (default): a script for `nft -f`; json: for `nft -j -f`, version 1.1 or later; netlink: the "
                    + "messages of apply."))
        var format: Format?

        @Option(help: Backend.help)
        var backend = Backend.nftables

        @Option(help: "The address families to print tables for.")
        var family = Families.all

        @Option(
            name: .shortAndLong, help: ArgumentHelp("Write to a file; - is standard output.", valueName: "file"),
            completion: .file(), transform: parseOutputPath)
        var output: String?
    }

    @OptionGroup(title: "Render options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard options.backend == .nftables || options.format == nil else {
            throw ValidationError("--format is of --backend nftables; iptables-restore takes one form alone")
        }
        try options.backend.validate(input.detectLocalMode)
    }

    func run() throws {
        let console = global.console
        let output = try Pipeline(input: input, console: console, families: options.family.list, mayWriteLock: true)
            .run()
        let bytes =
            switch (options.backend, options.format ?? .nft) {
            case (.iptables, _): try restoreInput(output, console)
            case (.nftables, .nft): script(output.ruleset, console)
            case (.nftables, .json): JSONRenderer().render(output.ruleset)
            case (.nftables, .netlink): TransactionListing().render(.replacing(with: output.ruleset))
            }
        if let output = options.output, output != "-" {
            try OutputFile(path: output).write(bytes, console)
        } else {
            try console.result(bytes)
        }
    }

    private func script(_ ruleset: Ruleset, _ console: Console) -> [UInt8] {
        if ruleset.abortsOldNFT {
            let message = "nft 1.0.6 aborts where it loads session affinity of an IPv6 service"
            console.print([Diagnostic(.warning, message, hint: "nft 1.1.3 loads it; `ferrule apply` needs no nft")])
        }
        return RulesetRenderer().render(ruleset)
    }

    /// The rules of the family that was asked for, or that alone needs any.
    private func restoreInput(_ output: Pipeline.Output, _ console: Console) throws -> [UInt8] {
        let rulesets = try IPTablesAccess(console: console).rulesets(output)
        let used = rulesets.filter { !$0.isEmpty }
        guard used.count < 2, let ruleset = used.first ?? rulesets.first else {
            throw ValidationError(
                "the input has services of both families, and iptables-restore and ip6tables-restore take one each: "
                    + "add --family ipv4 or --family ipv6")
        }
        return RestoreText.render(ruleset, output.ruleset.summary)
    }
}
