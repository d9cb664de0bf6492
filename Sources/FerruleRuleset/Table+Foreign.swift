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
        chains.filter(\.hasForeignRule).map(rule)
            + chains.filter(\.purpose.isForeign).map { ForeignObject.chain($0.name).description(in: name) }
            + sets.filter(\.purpose.isForeign).map { ForeignObject.set($0.name).description(in: name) }
            + foreign.map { $0.description(in: name) }
    }

    /// Those of them that there are no words for here, so that Ferrule cannot make them again.
    package var unknownParts: [String] {
        chains.filter { !$0.foreignRules.isEmpty }.map(rule) + foreign.map { $0.description(in: name) }
    }

    private func rule(in chain: Chain) -> String { "rule in chain \(name) \(chain.name)" }
}

extension Chain {
    /// Whether somebody else wrote a rule of the chain: one that Ferrule never makes, or that refers to what is not its own.
    package var hasForeignRule: Bool {
        // A chain of somebody else is that as a whole.
        if purpose.isForeign { return false }
        return !foreignRules.isEmpty
            || rules.contains { rule in
                rule.chains.contains { ChainPurpose($0).isForeign } || rule.sets.contains { SetPurpose($0).isForeign }
            }
    }
}
