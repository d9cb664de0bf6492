// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNFTText
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset

/// `ferrule render`: prints the ruleset.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print the ruleset of Service definitions; needs no root and touches nothing.",
        discussion: """
            The output is the same for the same input, on every machine and every run, byte for byte.

            EXAMPLES:
              ferrule render -f services.yaml
              ferrule render -f cluster/ --node-name node-a -o node-a.nft
              kubectl get svc,endpointslices,nodes -A -o json | ferrule render -f -
            """)

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

    @OptionGroup(title: "Input") var input: InputOptions

    @Option(
        help: ArgumentHelp(
            "nft: a script for `nft -f`; json: for `nft -j -f`, version 1.1 or later; netlink: the messages of apply."))
    var format = Format.nft

    @Option(help: "The address families to print tables for.")
    var family = Families.all

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file; - is standard output.", valueName: "file"))
    var output: String?

    @OptionGroup(title: "Global") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let ruleset = try Pipeline(input: input, console: console, families: family.list).run().ruleset
        let bytes =
            switch format {
            case .nft: RulesetRenderer().render(ruleset)
            case .json: JSONRenderer().render(ruleset)
            case .netlink: TransactionListing().render(.replacing(with: ruleset))
            }
        if let output, output != "-" {
            try OutputFile(path: output).write(bytes, console)
        } else {
            try console.result(bytes)
        }
    }
}
