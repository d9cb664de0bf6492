// SPDX-License-Identifier: Apache-2.0

extension Rule {
    /// Whether somebody else wrote it.
    var isForeign: Bool {
        statements.contains { if case .opaque = $0 { true } else { false } }
    }
}

extension Table {
    /// What stands in the table that Ferrule never makes, in words: rules by their chain, sets and chains.
    package var foreignParts: [String] {
        chains.filter { $0.rules.contains(where: \.isForeign) }.map { "rule in chain \(name) \($0.name)" }
            + foreign.map { object in
                switch object {
                case .set(let set): "set \(name) \(set)"
                case .chain(let chain): "chain \(name) \(chain)"
                }
            }
    }
}
