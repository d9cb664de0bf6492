// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
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
        description: "The output is the same for the same input, on every machine and every run, byte for byte.",
        examples: [
            "ferrule render -f services.yaml",
            "ferrule render -f cluster/ --node-name node-a -o node-a.nft",
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
                "nft: a script for `nft -f`; json: for `nft -j -f`, version 1.1 or later; netlink: the messages of "
                    + "apply."))
        var format = Format.nft

        @Option(help: "The address families to print tables for.")
        var family = Families.all

        @Option(
            name: .shortAndLong, help: ArgumentHelp("Write to a file; - is standard output.", valueName: "file"),
            completion: .file())
        var output: String?
    }

    @OptionGroup(title: "Render options") var options: Options
    @OptionGroup(title: "Input options") var input: InputOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let ruleset = try Pipeline(input: input, console: console, families: options.family.list).run().ruleset
        let bytes =
            switch options.format {
            case .nft: RulesetRenderer().render(ruleset)
            case .json: JSONRenderer().render(ruleset)
            case .netlink: TransactionListing().render(.replacing(with: ruleset))
            }
        if let output = options.output, output != "-" {
            try OutputFile(path: output).write(bytes, console)
        } else {
            try console.result(bytes)
        }
    }
}
