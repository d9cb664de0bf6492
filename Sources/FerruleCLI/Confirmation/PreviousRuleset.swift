// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import FerruleRuleset

/// What stands in the kernel before an apply, so that it can be put back exactly.
struct PreviousRuleset {
    private let state: KernelState

    init(_ state: KernelState) { self.state = state }

    /// What cannot be put back because Ferrule does not write such a thing.
    var obstacles: [String] {
        state.ruleset.tables.flatMap { table in
            let isRecordKept = state.provenance(of: table.name)?.record(of: table.name) == state.records[table.name]
            return table.unknownDescriptions
                + (isRecordKept ? [] : ["the record of table \(table.name), of another version"])
        }
    }

    /// Puts it back, whatever stands there by then; where nothing was, the tables are deleted.
    var restoration: Transaction {
        Transaction(
            state.ruleset.tables.flatMap { table in
                let alone = Ruleset(tables: [table], summary: Summary())
                return Transaction.replacing(with: alone, provenance: state.provenance(of: table.name)).operations
            })
    }
}
