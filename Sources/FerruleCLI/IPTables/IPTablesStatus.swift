// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleIPTables
internal import FerruleNetwork
internal import FerruleNode
internal import FerruleRuleset
internal import FerruleText

/// What `ferrule status --backend iptables` says.
struct IPTablesStatus {
    /// The variants by which Ferrule has chains here.
    private let states: [IPTablesState]
    private let provenance: Provenance?

    init(_ all: [IPTablesState]) {
        states = all.filter { !$0.isEmpty }
        provenance =
            states.flatMap(\.families).lazy.compactMap { standing in
                standing.record.flatMap { Provenance(record: $0, of: .ferrule(standing.family)) }
            }.first
    }

    /// Whether the kernel is known to hold what was applied.
    var isAsApplied: Bool { states.count == 1 && provenance != nil && deviations.isEmpty }

    private var deviations: [String] {
        states.flatMap { state in
            state.families.flatMap { standing in
                standing.deviations.map { "\(program(standing.family)) \(state.programs.variant.rawValue), \($0)" }
            }
        }
    }

    /// Only a replacement removes what stands by the other variant.
    private var remedy: String { "ferrule apply --backend iptables" + (states.count > 1 ? " --replace" : "") }

    private func program(_ family: IPFamily) -> String { family == .ipv4 ? "iptables" : "ip6tables" }
}

extension IPTablesStatus {
    var text: String {
        guard !states.isEmpty else { return "nothing is applied: iptables has no chain of Ferrule" }
        return (recordLines + tableLines).map(\.printable).joined(separator: "\n")
    }

    private var recordLines: [String] {
        guard let provenance else {
            return ["applied    by something else than `ferrule apply`: no record stands there; `\(remedy)` leaves one"]
        }
        return [
            provenance.appliedLine, "services   \(provenance.servicesApplied)", provenance.ruleLessLine,
            deviations.isEmpty && states.count == 1
                ? "drift      none: every chain holds what was applied"
                : "drift      something else stands than was applied: `\(remedy)` puts it right",
        ]
    }

    private var tableLines: [String] {
        let tables = states.flatMap { state in
            state.families.filter { !$0.isEmpty }.flatMap { standing in
                IPTablesTable.Name.allCases.map { name in
                    "table      \(program(standing.family)) \(name.rawValue), variant \(state.programs.variant.rawValue): "
                        + "\(counted(standing[name].chainCount, "chain")), \(counted(standing[name].ruleCount, "rule"))"
                }
            }
        }
        let twice = states.count > 1 ? ["  ! chains of Ferrule stand by both variants"] : []
        return tables + (twice + deviations.map { "  ! \($0)" })
    }

    var json: String {
        get throws {
            struct Record: Encodable {
                struct Table: Encodable {
                    var family: String
                    var name: String
                    var chains: Int
                    var rules: Int
                }
                var backend = Backend.iptables.rawValue
                var variants: [String]
                var drifted: Bool?
                var deviations: [String]
                var tables: [Table]
            }
            return try JSONText.encode(
                JSONMembers(
                    Provenance.Record(provenance),
                    Record(
                        variants: states.map(\.programs.variant.rawValue),
                        drifted: states.isEmpty ? nil : !deviations.isEmpty || states.count > 1, deviations: deviations,
                        tables: states.flatMap(\.families).filter { !$0.isEmpty }.flatMap { standing in
                            IPTablesTable.Name.allCases.map {
                                Record.Table(
                                    family: standing.family.rawValue, name: $0.rawValue,
                                    chains: standing[$0].chainCount,
                                    rules: standing[$0].ruleCount)
                            }
                        })))
        }
    }
}
