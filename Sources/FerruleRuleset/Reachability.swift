// SPDX-License-Identifier: Apache-2.0

/// The chains and sets of a table that packets may come to from its base chains.
package struct Reachability {
    package private(set) var chains: Set<ChainName> = []
    package private(set) var sets: Set<SetName> = []

    package init(of table: Table) {
        let rules = Dictionary(table.chains.map { ($0.name, $0.rules) }) { first, _ in first }
        let definitions = Dictionary(table.sets.map { ($0.name, $0) }) { first, _ in first }
        var waiting = table.chains.filter { $0.base != nil }.map(\.name)
        while let chain = waiting.popLast() {
            guard chains.insert(chain).inserted else { continue }
            for statement in (rules[chain] ?? []).flatMap(\.statements) {
                waiting += statement.verdicts.compactMap(\.chain)
                guard let set = statement.set, sets.insert(set).inserted else { continue }
                var found: Set<ChainName> = []
                for element in definitions[set]?.elements ?? [] {
                    if case .verdict(let verdict) = element.value, let next = verdict.chain { found.insert(next) }
                }
                waiting += found
            }
        }
    }
}

extension Statement {
    /// The set or map that is looked up or written.
    package var set: SetName? {
        switch self {
        case .lookup(_, let set, _), .verdictMap(_, let set), .setDestination(_, let set), .dnat(_, let set),
            .update(let set, _, _, _):
            set
        default: nil
        }
    }

    /// What it may decide, in anonymous maps too.
    package var verdicts: [Verdict] {
        switch self {
        case .numgen(let verdicts): verdicts
        case .verdict(let verdict): [verdict]
        default: []
        }
    }
}
