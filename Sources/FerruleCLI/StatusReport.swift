// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleText
internal import FerruleNetlink
internal import FerrulePlanner
internal import FerruleRuleset

/// What `ferrule status` says.
struct StatusReport {
    private let standing: Standing
    /// Tables are applied together, so the record of one speaks for all.
    private let provenance: Provenance?
    private let digest: String
    /// How long an apply still waits for its confirmation; nil if none does.
    private let secondsToConfirm: Int?

    init(_ state: KernelState, secondsToConfirm: Int?) {
        let tables = state.ruleset.tables
        standing = Standing(state.ruleset, applied: state.provenance)
        provenance = tables.lazy.compactMap { state.provenance(of: $0.name) }.first
        digest = RulesetDigest(of: state.ruleset).description
        self.secondsToConfirm = secondsToConfirm
    }

    /// Whether the kernel is known to hold what was applied.
    var isAsApplied: Bool { hasDrifted == false }

    /// Whether the kernel holds something else than what was applied; nil where the record does not say what that was.
    private var hasDrifted: Bool? { provenance?.digest.map { $0 != digest } }

    /// Where nothing has drifted, the parts of the tables say no more than that.
    private func deviations(of table: StandingTable) -> [StandingTable.Deviation] {
        hasDrifted == false ? [] : table.deviations
    }
}

extension StatusReport {
    var text: String {
        var lines =
            standing.tables.isEmpty
            ? ["nothing is applied: the kernel has no table of Ferrule"] : recordLines + tableLines
        if let secondsToConfirm {
            lines.append(
                "confirm    the previous ruleset is put back in \(counted(secondsToConfirm, "second")), unless "
                    + "`ferrule confirm` is run; with --reject it puts it back at once")
        }
        // Names that others gave may hold anything.
        return lines.map(\.printable).joined(separator: "\n")
    }

    private var recordLines: [String] {
        guard let provenance else {
            return [
                "applied    by something else than `ferrule apply`: no record stands beside the tables",
                "services   \(standing.services)",
            ]
        }
        let services = provenance.servicesApplied
        return [
            provenance.appliedLine,
            "services   "
                + (hasDrifted == true
                    ? "packets find \(standing.services); applied were \(services)" : services),
            provenance.ruleLessLine,
            "digest     "
                + (provenance.digest.map { String($0.prefix(12)).printable }
                    ?? "none: the record holds none"),
        ] + driftLine
    }

    private var driftLine: [String] {
        switch hasDrifted {
        case false: ["drift      none: the kernel holds what was applied"]
        case true:
            [
                "drift      the kernel holds something else than what was applied (\(digest.prefix(12))): "
                    + "`ferrule apply` puts it right"
            ]
        default: []
        }
    }

    private var tableLines: [String] {
        standing.tables.flatMap { table -> [String] in
            guard !table.isMissing else { return ["table      \(table.name): missing"] }
            let clients = table.rememberedClients
            let counts = [
                (table.chains, "chain"), (table.rules, "rule"), (table.sets, "set"), (table.elements, "element"),
            ]
            return [
                "table      \(table.name): " + counts.map { counted($0.0, $0.1) }.joined(separator: ", ")
                    + (clients > 0 ? ", and \(counted(clients, "remembered client"))" : "")
            ] + deviations(of: table).map { "  ! \($0.words.printable)" }
        }
    }
}

extension StandingTable.Deviation {
    /// How many names a line holds.
    private static let names = 5

    /// The deviation in a line: `endpoints: 98 elements, where 99 were applied`.
    fileprivate var words: String {
        switch self {
        case .emptied(let chains):
            return "emptied: \(chains.count == 1 ? "chain" : "\(chains.count) chains:") "
                + listed(chains.map(\.description), shown: Self.names)
        case .missing(let object): return "missing: \(object)"
        case .foreign(let object): return "\(object), which somebody else put there"
        case .changed(let section, let stands, let applied):
            let comparison =
                stands == applied
                ? "as many as were applied, but others" : "where \(applied) \(applied == 1 ? "was" : "were") applied"
            return "\(section.words): \(stands), \(comparison)"
        }
    }
}

extension DigestSection {
    fileprivate var words: String {
        switch self {
        case .rules: "rules in use"
        case .services: "services and node ports"
        case .endpoints: "endpoints"
        case .addresses: "addresses and ranges"
        }
    }
}

extension StatusReport {
    var json: String {
        get throws {
            let own = JSON(
                servicesFound: standing.services, digest: provenance?.digest,
                kernelDigest: standing.tables.contains { !$0.isMissing } ? digest : nil, drifted: hasDrifted,
                foreign: standing.tables.flatMap(\.foreignDescriptions), secondsToConfirm: secondsToConfirm,
                tables: standing.tables.map { JSON.Table($0, deviations(of: $0)) })
            return try JSONText.encode(JSONMembers(Provenance.JSON(provenance), own))
        }
    }

    /// The JSON, documented in docs/safety.md.
    private struct JSON: Encodable {
        struct Table: Encodable {
            var name: String
            var missing: Bool
            var chains: Int
            var rules: Int
            var sets: Int
            var elements: Int
            var rememberedClients: Int
            var deviations: [Deviation]

            init(_ table: StandingTable, _ deviations: [StandingTable.Deviation]) {
                (name, missing) = (table.name.description, table.isMissing)
                (chains, rules, sets, elements) = (table.chains, table.rules, table.sets, table.elements)
                rememberedClients = table.rememberedClients
                self.deviations = deviations.map(Deviation.init)
            }
        }

        struct Deviation: Encodable {
            var kind: String
            var object: String?
            var chains: [String]?
            var part: String?
            var stands: Int?
            var applied: Int?

            init(_ deviation: StandingTable.Deviation) {
                switch deviation {
                case .emptied(let names): (kind, chains) = ("emptied", names.map(\.description))
                case .missing(let words): (kind, object) = ("missing", words)
                case .foreign(let words): (kind, object) = ("foreign", words)
                case .changed(let changed, let now, let before):
                    (kind, part, stands, applied) = ("changed", changed.rawValue, now, before)
                }
            }
        }

        var servicesFound: Int
        var digest: String?
        var kernelDigest: String?
        var drifted: Bool?
        var foreign: [String]
        var secondsToConfirm: Int?
        var tables: [Table]
    }
}

extension StandingTable {
    fileprivate var foreignDescriptions: [String] {
        deviations.compactMap { if case .foreign(let words) = $0 { words } else { nil } }
    }
}
