// SPDX-License-Identifier: Apache-2.0

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
        chains.filter(\.purpose.isForeign).map { ForeignObject.chain($0.name).description(in: name) }
            + sets.filter(\.purpose.isForeign).map { ForeignObject.set($0.name).description(in: name) }
            + unknownParts
    }

    /// Those of them that there are no words for here, so that Ferrule cannot make them again.
    package var unknownParts: [String] {
        chains.filter { !$0.foreignRules.isEmpty }.map { "rule in chain \(name) \($0.name)" }
            + foreign.map { $0.description(in: name) }
    }
}
