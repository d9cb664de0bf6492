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
        let status = try KernelAccess(console: console).perform { kernel throws(NetlinkError) in
            try kernel.status(of: IPFamily.allCases.map(ObjectNames.table))
        }
        try console.result(format == .json ? StatusReport(status).json : StatusReport(status).text)
    }
}

/// What `ferrule status` says.
struct StatusReport {
    private let status: KernelStatus

    init(_ status: KernelStatus) { self.status = status }

    /// Both tables are applied together, so the record of one speaks for both.
    private var provenance: Provenance? { status.tables.lazy.compactMap(\.provenance).first }

    var text: String {
        guard !status.tables.isEmpty else { return "nothing is applied: the kernel has no table of Ferrule" }
        var lines: [String] = []
        if let provenance {
            let summary = provenance.summary
            let applied = Date(timeIntervalSince1970: TimeInterval(provenance.appliedAt))
            lines.append("applied    \(applied.formatted(.iso8601)) by ferrule \(provenance.version)")
            lines.append("services   \(summary.services), with \(counted(summary.endpoints, "endpoint"))")
            lines.append("no rules   \(summary.headless) headless, \(summary.externalNames) ExternalName")
        } else {
            lines.append("applied    by something else than `ferrule apply`: no record stands beside the tables")
        }
        for table in status.tables {
            lines.append(
                "table      \(table.name): \(counted(table.chains, "chain")), \(counted(table.sets, "set")), "
                    + counted(table.elements, "element"))
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        get throws {
            struct Record: Encodable {
                struct Table: Encodable {
                    var name: String
                    var chains: Int
                    var sets: Int
                    var elements: Int
                }
                var applied: Date?
                var version: String?
                var services: Int?
                var endpoints: Int?
                var headless: Int?
                var externalNames: Int?
                var tables: [Table]
            }
            let summary = provenance?.summary
            let record = Record(
                applied: provenance.map { Date(timeIntervalSince1970: TimeInterval($0.appliedAt)) },
                version: provenance?.version, services: summary?.services, endpoints: summary?.endpoints,
                headless: summary?.headless, externalNames: summary?.externalNames,
                tables: status.tables.map {
                    Record.Table(
                        name: $0.name.description, chains: $0.chains, sets: $0.sets, elements: $0.elements)
                })
            return try JSONText.encode(record)
        }
    }
}
