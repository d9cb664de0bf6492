// SPDX-License-Identifier: Apache-2.0

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
    /// What is otherwise than it was applied.
    private let deviations: [String]

    init(_ all: [IPTablesState]) {
        states = all.filter { !$0.isEmpty }
        let records = states.map(Self.record)
        provenance = records.lazy.compactMap(\.self).first
        deviations =
            (states.count > 1 ? ["chains of Ferrule stand by both variants"] : [])
            + (states.isEmpty || provenance != nil ? [] : ["no record says what was applied"])
            + zip(states, records).flatMap(Self.deviations)
    }

    /// That of what stands, else the newest: of a change that was not carried through, one family or none has it.
    private static func record(_ state: IPTablesState) -> Provenance? {
        let standing = TableSums(of: state.families).text
        let records = state.provenances
        return records.first { $0.digest == standing } ?? records.max { $0.appliedAt < $1.appliedAt }
    }

    private static func deviations(_ state: IPTablesState, _ record: Provenance?) -> [String] {
        let sums = (record?.digest).flatMap { TableSums(text: $0) }
        return state.families.flatMap { standing in
            standing.deviations(from: sums).map {
                "\(standing.family.iptables) \(state.programs.variant.rawValue), \($0)"
            }
        }
    }

    /// Whether the kernel is known to hold what was applied.
    var isAsApplied: Bool { !states.isEmpty && deviations.isEmpty }

    /// Only a replacement removes what stands by the other variant.
    private var remedy: String { "ferrule apply --backend iptables" + (states.count > 1 ? " --replace" : "") }
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
            deviations.isEmpty
                ? "drift      none: every chain holds what was applied"
                : "drift      something else stands than was applied: `\(remedy)` puts it right",
        ]
    }

    private var tableLines: [String] {
        let tables = states.flatMap { state in
            state.families.filter { !$0.isEmpty }.flatMap { standing in
                IPTablesTable.Name.allCases.map { name in
                    "table      \(standing.family.iptables) \(name.rawValue), variant \(state.programs.variant.rawValue): "
                        + "\(counted(standing[name].chainCount, "chain")), \(counted(standing[name].ruleCount, "rule"))"
                }
            }
        }
        return tables + deviations.map { "  ! \($0)" }
    }

    var json: String {
        get throws {
            struct JSON: Encodable {
                struct Table: Encodable {
                    var family: String
                    var variant: String
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
                    Provenance.JSON(provenance),
                    JSON(
                        variants: states.map(\.programs.variant.rawValue),
                        drifted: states.isEmpty ? nil : !isAsApplied, deviations: deviations,
                        tables: states.flatMap { state in
                            state.families.filter { !$0.isEmpty }.flatMap { standing in
                                IPTablesTable.Name.allCases.map {
                                    JSON.Table(
                                        family: standing.family.rawValue, variant: state.programs.variant.rawValue,
                                        name: $0.rawValue, chains: standing[$0].chainCount,
                                        rules: standing[$0].ruleCount)
                                }
                            }
                        })))
        }
    }
}
