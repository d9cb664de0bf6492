// SPDX-License-Identifier: Apache-2.0

internal import FerruleCompiler
internal import FerruleNetlink
internal import FerruleRuleset
internal import Foundation

/// What `ferrule status` says.
struct StatusReport {
    private let status: KernelStatus
    private let foreignParts: [String]
    private let digest: String
    /// How long an apply still waits for its confirmation; nil if none does.
    private let secondsToConfirm: Int?

    init(_ status: KernelStatus, _ ruleset: Ruleset, secondsToConfirm: Int?) {
        self.status = status
        self.secondsToConfirm = secondsToConfirm
        foreignParts = ruleset.tables.flatMap(\.foreignParts)
        digest = RulesetDigest(of: ruleset).description
    }

    /// Both tables are applied together, so the record of one speaks for both.
    private var provenance: Provenance? { status.tables.lazy.compactMap(\.provenance).first }

    /// Whether the kernel holds something else than what was applied; nil where the record does not say what that was.
    private var hasDrifted: Bool? { provenance?.digest.map { $0 != digest } }

    var text: String {
        var lines = status.tables.isEmpty ? ["nothing is applied: the kernel has no table of Ferrule"] : tableLines
        if let secondsToConfirm {
            lines.append(
                "confirm    the previous ruleset is put back in \(counted(secondsToConfirm, "second")), "
                    + "unless `ferrule confirm` is run")
        }
        return lines.joined(separator: "\n")
    }

    private var tableLines: [String] {
        var lines: [String] = []
        if let provenance {
            let summary = provenance.summary
            let applied = Date(timeIntervalSince1970: TimeInterval(provenance.appliedAt))
            lines.append("applied    \(applied.formatted(.iso8601)) by ferrule \(provenance.version)")
            lines.append("services   \(summary.services), with \(counted(summary.endpoints, "endpoint"))")
            lines.append("no rules   \(summary.headless) headless, \(summary.externalNames) ExternalName")
            lines.append(
                "digest     \(provenance.digest?.prefix(12) ?? "none: applied by a version that kept none of this kind")"
            )
        } else {
            lines.append("applied    by something else than `ferrule apply`: no record stands beside the tables")
        }
        lines += driftLines
        for table in status.tables {
            lines.append(
                "table      \(table.name): \(counted(table.chains, "chain")), \(counted(table.sets, "set")), "
                    + counted(table.elements, "element"))
        }
        return lines
    }

    private var driftLines: [String] {
        let change: [String] =
            switch hasDrifted {
            case false: ["drift      none: the kernel holds what was applied"]
            case true: ["drift      the kernel holds something else than what was applied (\(digest.prefix(12)))"]
            default: []
            }
        return change + foreignParts.map { "foreign    \($0)" }
    }

    var json: String {
        get throws {
            let summary = provenance?.summary
            let record = Record(
                applied: provenance.map { Date(timeIntervalSince1970: TimeInterval($0.appliedAt)) },
                version: provenance?.version, services: summary?.services, endpoints: summary?.endpoints,
                headless: summary?.headless, externalNames: summary?.externalNames, digest: provenance?.digest,
                kernelDigest: status.tables.isEmpty ? nil : digest, drifted: hasDrifted, foreign: foreignParts,
                secondsToConfirm: secondsToConfirm,
                tables: status.tables.map {
                    Record.Table(
                        name: $0.name.description, chains: $0.chains, sets: $0.sets, elements: $0.elements)
                })
            return try JSONText.encode(record)
        }
    }

    /// The JSON, documented in docs/safety.md.
    private struct Record: Encodable {
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
        var digest: String?
        var kernelDigest: String?
        var drifted: Bool?
        var foreign: [String]
        var secondsToConfirm: Int?
        var tables: [Table]
    }
}
