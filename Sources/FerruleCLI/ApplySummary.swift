// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleNode
internal import FerruleRuleset
internal import FerruleText

/// What `ferrule apply` says at the end, whatever the backend.
struct ApplySummary {
    let isCheck: Bool
    /// Whether it stays; false where `--confirm` ended and nobody kept it.
    var isKept = true
    let summary: Summary
    /// In milliseconds, as what follows.
    let parse: Int
    let compile: Int
    let kernel: Int
    /// What was removed of the other backend, or by another variant.
    var removed = Displaced()
    /// What was warned of, but for what tidying could not do.
    var warnings: [Diagnostic] = []

    private var subject: String {
        counted(summary.services, "service") + " with " + counted(summary.endpoints, "endpoint")
    }

    private var times: String { "parse \(parse) ms, compile \(compile) ms, kernel \(kernel) ms" }

    /// What else became of the node.
    func others(_ tidying: Tidying) -> [String] { [removed.removedWords, tidying.text].compactMap(\.self) }

    /// Where nothing differs.
    ///
    /// - Parameter others: what follows, with what it is separated by.
    func unchanged(_ others: [String]) -> String {
        "nothing to change: \(subject) stand in the kernel already\(others.joined()); \(times)"
    }

    /// - Parameters:
    ///   - judge: who accepts the rules where they are only checked.
    ///   - parts: what was changed.
    func changed(judge: String, _ parts: [String]) -> String {
        (isCheck ? "\(judge) accepts \(subject), nothing was changed: " : "applied \(subject): ")
            + parts.joined(separator: ", ") + "; \(times)"
    }

    /// What the JSON of all backends has.
    struct JSON: Encodable {
        var applied: Bool
        var services: Int
        var endpoints: Int
        var headless: Int
        var externalNames: Int
        var changed: Bool
        var flowsRemoved: Int
        var removed: Displaced.JSON?
        var warnings: [String]
        var milliseconds: [String: Int]
    }

    func json(isChanged: Bool, _ tidying: Tidying) -> JSON {
        JSON(
            applied: !isCheck && isKept, services: summary.services, endpoints: summary.endpoints,
            headless: summary.headless,
            externalNames: summary.externalNames, changed: isChanged, flowsRemoved: tidying.flowCount,
            removed: removed.json, warnings: warnings.map(\.message) + tidying.problems,
            milliseconds: ["parse": parse, "compile": compile, "kernel": kernel])
    }
}

extension Console {
    /// How many objects a note names.
    private static let objectsNamed = 5

    /// Says what of others was found and is put right.
    ///
    /// - Parameter deed: what was done to it: `removed what somebody else put into Ferrule's tables`.
    func noteDrift(_ objects: [String], _ deed: String) {
        guard !objects.isEmpty else { return }
        note("\(deed): " + listed(objects, shown: Self.objectsNamed))
    }
}
