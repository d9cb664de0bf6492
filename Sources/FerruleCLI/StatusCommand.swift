// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset
internal import Foundation

/// `ferrule status`: what is in the kernel now.
struct StatusCommand: DocumentedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what stands in the kernel now, since when and by which version.",
        discussion: manual.discussion)

    static let manual = Manual(
        description: "Needs CAP_NET_ADMIN.", examples: ["ferrule status", "ferrule status --exit-code --format json"],
        exitCodes: Failure.sorted(
            [
                Failure.Meaning(
                    Failure.changes,
                    "--exit-code: the kernel holds something else than was applied, or nothing, or no record of it")
            ], Failure.always, Failure.ofKernel),
        files: [Manual.File.ofConfirmation])

    /// The command's own.
    struct Options: ParsableArguments {
        @Option(help: "How to print it.")
        var format = ApplyCommand.Format.text
    }

    @OptionGroup(title: "Status options") var options: Options
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        let report = try KernelAccess(console: console).perform { kernel throws(NetlinkError) in
            let status = try kernel.status(of: tables)
            return StatusReport(status, try kernel.read(tables).ruleset, secondsToConfirm: folder.secondsToConfirm)
        }
        try console.result(options.format == .json ? report.json : report.text)
    }
}
