// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset
internal import FerruleText
internal import FoundationEssentials

/// What `ferrule status` tells of who applied, whatever the backend.
extension Provenance {
    private var time: Date { Date(timeIntervalSince1970: TimeInterval(appliedAt)) }

    /// When, by which version and for which node.
    var appliedLine: String {
        "applied    \(time.formatted(.iso8601)) by ferrule \(version.printable)"
            + (node.map { ", for node \($0.printable)" } ?? "")
    }

    /// `30 with 99 endpoints`
    var servicesApplied: String { "\(summary.services) with \(counted(summary.endpoints, "endpoint"))" }

    var ruleLessLine: String {
        "no rules   \(summary.headless) headless, \(summary.externalNames) ExternalName"
    }

    /// What the JSON of all backends has of it; nothing where there is no record.
    struct JSON: Encodable {
        var applied: Date?
        var version: String?
        var node: String?
        var services: Int?
        var endpoints: Int?
        var headless: Int?
        var externalNames: Int?

        init(_ provenance: Provenance?) {
            guard let provenance else { return }
            let summary = provenance.summary
            (applied, version, node) = (provenance.time, provenance.version, provenance.node)
            (services, endpoints) = (summary.services, summary.endpoints)
            (headless, externalNames) = (summary.headless, summary.externalNames)
        }
    }
}
