// SPDX-License-Identifier: Apache-2.0

/// Who applied a table, when and from what; kept in the kernel for `ferrule status`, with an empty chain of its own,
/// which can be replaced without the kernel checking the whole table again.
package struct Provenance: Sendable, Hashable {
    /// Ferrule's version, `0.1.0`.
    package var version: String
    /// Seconds since 1970-01-01 UTC.
    package var appliedAt: Int64
    package var summary: Summary
    /// The ``RulesetDigest`` of what was applied, in hexadecimal; nil in the record of a version that made
    /// none, or another kind, which stood under `digest` or `hash`.
    package var digest: String?

    package init(version: String, appliedAt: Int64, summary: Summary, digest: String? = nil) {
        (self.version, self.appliedAt, self.summary, self.digest) = (version, appliedAt, summary, digest)
    }
}

extension Provenance {
    /// One line of `key=value` pairs: readable in a netlink dump, open to more keys.
    package var record: String {
        "version=\(version) applied=\(appliedAt) services=\(summary.services) endpoints=\(summary.endpoints)"
            + " headless=\(summary.headless) external-names=\(summary.externalNames)"
            + (digest.map { " sum=\($0)" } ?? "")
    }

    /// Reads ``record``; unknown keys are ignored. `nil` if a key is missing or a number is not one.
    package init?(record: String) {
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
            version: String(version), appliedAt: applied, summary: summary, digest: values["sum"].map(String.init))
    }
}
