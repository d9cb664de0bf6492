// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

extension Rule {
    /// The chains that it leads to, those in anonymous maps included.
    package var chains: [ChainName] {
        statements.flatMap { statement -> [ChainName] in
            switch statement {
            case .spread(let verdicts): verdicts.compactMap(\.chain)
            case .verdict(let verdict): [verdict.chain].compactMap(\.self)
            default: []
            }
        }
    }

    /// The named sets and maps that it reads or writes.
    package var sets: [SetName] {
        statements.compactMap { statement in
            switch statement {
            case .lookup(_, let set, _), .rangeLookup(_, let set, _), .verdictMap(_, let set),
                .setDestination(_, let set), .translate(_, let set), .update(let set, _, _, _):
                set
            default: nil
            }
        }
    }
}
