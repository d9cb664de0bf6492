// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleNetwork
import FerruleRuleset

/// The two formats, as strings.
enum Rendering {
    static func text(_ ruleset: Ruleset) -> String {
        String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self)
    }

    static func json(_ ruleset: Ruleset) -> String { String(decoding: JSONRenderer().render(ruleset), as: UTF8.self) }

    /// A ruleset of one table with one chain of the given name.
    static func ruleset(_ family: IPFamily, sets: [SetDefinition] = [], rules: [Rule] = [], base: BaseChain? = nil)
        -> Ruleset
    {
        let chain = Chain(named: ChainName("only"), base: base, rules: rules)
        return Ruleset(tables: [Table(TableName(family, "ferrule"), sets: sets, chains: [chain])], summary: Summary())
    }
}
