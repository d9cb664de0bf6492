// SPDX-License-Identifier: Apache-2.0

extension ForeignObject {
    /// The object in words, with its table: `chain ip ferrule mine`.
    package func description(in table: TableName) -> String {
        switch self {
        case .set(let set), .constantSet(let set): "set \(table) \(set)"
        case .elements(let count, let set): "\(count == 1 ? "an element" : "\(count) elements") of set \(table) \(set)"
        case .chain(let chain): "chain \(table) \(chain)"
        case .property(let property): "table \(table): \(property)"
        }
    }
}

extension Table {
    /// What stands in the table that Ferrule never makes, in words: each rule by its chain, sets and chains.
    package var foreignDescriptions: [String] {
        chains.flatMap { foreignRules(of: $0) }
            + chains.filter(\.purpose.isForeign).map { ForeignObject.chain($0.name).description(in: name) }
            + sets.filter(\.purpose.isForeign).map { ForeignObject.set($0.name).description(in: name) }
            + foreign.map { $0.description(in: name) }
    }

    /// Those of them that there are no words for here, so that Ferrule cannot make them again.
    package var unknownDescriptions: [String] {
        chains.flatMap { chain in chain.unknownRuleNumbers.map { rule($0, of: chain) } }
            + foreign.map { $0.description(in: name) }
    }

    /// The rules of a chain that somebody else wrote, in words: `rule 4 in chain ip ferrule dispatch`.
    package func foreignRules(of chain: Chain) -> [String] { chain.foreignRuleNumbers.map { rule($0, of: chain) } }

    private func rule(_ number: Int, of chain: Chain) -> String { "rule \(number) in chain \(name) \(chain.name)" }
}

extension Chain {
    /// Whether somebody else wrote a rule of the chain: one that Ferrule never makes, or that refers to what is not its own.
    package var hasForeignRule: Bool { !foreignRuleNumbers.isEmpty }

    /// The places of such rules among all rules of the chain, as the kernel lists them; the first is 1.
    fileprivate var foreignRuleNumbers: [Int] {
        // A chain of somebody else is that as a whole.
        if purpose.isForeign { return [] }
        let referring = rules.indices.filter { index in
            rules[index].chains.contains { ChainPurpose($0).isForeign }
                || rules[index].sets.contains { SetPurpose($0).isForeign }
        }.map { index in index + foreignRules.count { $0.position <= index } + 1 }
        return (unknownRuleNumbers + referring).sorted()
    }

    /// The places of those that there are no words for here.
    fileprivate var unknownRuleNumbers: [Int] {
        foreignRules.map(\.position).sorted().enumerated().map { $0.element + $0.offset + 1 }
    }
}
