// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// Whether somebody else wrote it: it has a part that Ferrule never writes.
    package var isForeign: Bool {
        statements.contains { if case .opaque = $0 { true } else { false } }
    }
}

extension ForeignObject {
    /// The object in words, with its table: `chain ip ferrule mine`.
    package func description(in table: TableName) -> String {
        switch self {
        case .set(let set): "set \(table) \(set)"
        case .chain(let chain): "chain \(table) \(chain)"
        case .property(let property): "table \(table): \(property)"
        }
    }
}

extension Table {
    /// What stands in the table that Ferrule never makes, in words: rules by their chain, sets and chains.
    package var foreignParts: [String] {
        chains.filter { $0.rules.contains(where: \.isForeign) }.map { "rule in chain \(name) \($0.name)" }
            + foreign.map { $0.description(in: name) }
    }
}
