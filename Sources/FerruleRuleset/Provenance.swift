// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Who applied a table, when and from what; kept in the kernel for `ferrule status`, with an empty chain of its own,
/// which can be replaced without the kernel checking the whole table again.
package struct Provenance: Sendable, Hashable {
    /// Ferrule's version, `0.1.0`.
    package var version: String
    /// Seconds since 1970-01-01 UTC.
    package var appliedAt: Int64
    package var summary: Summary
    /// The node that the ruleset was made for; nil where none was named, or the record says none.
    package var node: String?
    /// The tables that were applied together; empty where the record says none.
    package var tables: [TableName] = []
    /// The ``RulesetDigest`` of what was applied, in hexadecimal; with iptables its `TableSums`. nil where the record says
    /// none.
    package var digest: String?
    /// What each table was made of; one that is read from a record has that of the record's table at most.
    package var sections: [TableName: DigestSections] = [:]

    package init(version: String, appliedAt: Int64, summary: Summary, node: String? = nil) {
        (self.version, self.appliedAt, self.summary, self.node) = (version, appliedAt, summary, node)
    }

    /// Says what was applied.
    package mutating func sign(_ ruleset: Ruleset) { sign(RulesetDigest(of: ruleset)) }

    /// The same from the digest of a ruleset that is followed.
    package mutating func sign(_ digest: RulesetDigest) {
        (self.digest, sections) = (digest.description, digest.sections)
        tables = IPFamily.allCases.map(TableName.ferrule).filter { digest.sections[$0] != nil }
    }
}

extension Provenance {
    /// What the kernel keeps with a chain (`NFT_USERDATA_MAXLEN`, 256), less the two bytes before the record.
    package static let limit = 254

    /// One line of `key=value` pairs, readable in a netlink dump and open to more keys, that is kept with one of the tables.
    /// Each that no longer fits is left out, be it the tables, the node or the sections.
    package func record(of table: TableName) -> String {
        let needed =
            "version=\(version) applied=\(appliedAt) services=\(summary.services) endpoints=\(summary.endpoints)"
            + " headless=\(summary.headless) external-names=\(summary.externalNames)"
            + (digest.map { " sum=\($0)" } ?? "")
        let families = tables.map(\.family.nftName).joined(separator: ",")
        let more = [
            tables.isEmpty ? "" : " tables=\(families)",
            node.map { $0.isEmpty || $0.contains(" ") ? "" : " node=\($0)" } ?? "",
            sections[table].map { " parts=\($0.text)" } ?? "",
        ]
        return more.reduce(needed) { $0.utf8.count + $1.utf8.count <= Provenance.limit ? $0 + $1 : $0 }
    }

    /// Reads a table's ``record(of:)``; unknown keys are ignored. `nil` if a key is missing or a number is not one.
    package init?(record: String, of table: TableName) {
        var values: [Substring: Substring] = [:]
        for pair in record.split(separator: " ") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[parts[0]] = parts[1]
        }
        guard let version = values["version"], let applied = values["applied"].flatMap({ Int64($0) }),
            let services = values["services"].flatMap({ Int($0) }),
            let endpoints = values["endpoints"].flatMap({ Int($0) }),
            let headless = values["headless"].flatMap({ Int($0) }),
            let externalNames = values["external-names"].flatMap({ Int($0) })
        else { return nil }
        var summary = Summary()
        summary.services = services
        summary.endpoints = endpoints
        summary.headless = headless
        summary.externalNames = externalNames
        self.init(
            version: String(version), appliedAt: applied, summary: summary, node: values["node"].map(String.init))
        digest = values["sum"].map(String.init)
        let families = (values["tables"] ?? "").split(separator: ",")
        tables = IPFamily.allCases.filter { families.contains($0.nftName[...]) }.map(TableName.ferrule)
        sections[table] = values["parts"].flatMap { DigestSections(text: $0) }
    }
}
