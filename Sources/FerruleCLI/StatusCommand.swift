// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset

/// `ferrule status`: what is in the kernel now.
struct StatusCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what stands in the kernel now, and whether it is what was applied.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: """
            Reads Ferrule's tables and compares them with what the apply has recorded beside them: when, by which version \
            and for which node, which tables, and for each how many rules and elements of which kind. What differs is named \
            table by table. `ferrule plan` compares with definitions, service by service. Needs CAP_NET_ADMIN.
            """,
        examples: ["ferrule status", "ferrule status --exit-code --format json"],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.changes,
                    "--exit-code: the kernel holds something else than was applied, or nothing, or no record tells")
            ], Failure.ofKernel, Failure.always),
        files: [Manual.File.ofConfirmation])

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: "How to print it.")
        var format = ApplyCommand.Format.text

        @Option(help: Backend.help)
        var backend = Backend.nftables

        @Flag(help: "Exit with 1 if the kernel does not hold what was applied, or that cannot be told.")
        var exitCode = false
    }

    @OptionGroup(title: "Status options") var options: Options
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let console = global.console
        defer { BothBackends(console: console).noteOther(than: options.backend, "status", does: "shows") }
        guard options.backend == .nftables else {
            let report = IPTablesStatus(try IPTablesAccess(console: console).states())
            try console.result(options.format == .json ? report.json : report.text)
            if options.exitCode, !report.isAsApplied { throw Failure.changes }
            return
        }
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        let state = try KernelAccess(console: console).perform(.asked) { kernel throws(NetlinkError) in
            try kernel.read(tables)
        }
        let report = StatusReport(state, secondsToConfirm: folder.secondsToConfirm)
        try console.result(options.format == .json ? report.json : report.text)
        if options.exitCode, !report.isAsApplied { throw Failure.changes }
    }
}
