// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset
internal import Foundation

/// `ferrule status`: what is in the kernel now.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what stands in the kernel now, since when and by which version.",
        discussion: "Needs CAP_NET_ADMIN.")

    @Option(help: "How to print it.")
    var format = ApplyCommand.Format.text

    @OptionGroup(title: "Global") var global: GlobalOptions

    func run() throws {
        let console = global.console
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let folder = try console.reporting { () throws(ConfirmationError) in
            try ConfirmationFolder.ofThisNamespace()
        }
        let report = try KernelAccess(console: console).perform(.asked) { kernel throws(NetlinkError) in
            let status = try kernel.status(of: tables)
            return StatusReport(status, try kernel.read(tables).ruleset, secondsToConfirm: folder.secondsToConfirm)
        }
        try console.result(format == .json ? report.json : report.text)
    }
}
