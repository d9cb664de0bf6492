// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleRuleset
import Testing

struct StandingTests {
    @Test("a chain without rules has been emptied if packets come to it, and is a leftover else")
    func emptied() {
        let slots = (0..<3).map { Chain(named: ChainName("slot-\($0)"), rules: []) }
        let entry = Chain(
            named: ChainName("nat-prerouting"), base: BaseChain(.nat, .prerouting, priority: -100),
            rules: [Rule(.numgen(slots.prefix(2).map { .goto($0.name) }))])
        let table = Table(TableName(.ipv4, "ferrule"), sets: [], chains: slots + [entry])
        let standing = Standing(Ruleset(tables: [table], summary: Summary())) { _ in nil }
        let emptied = standing.tables.flatMap(\.deviations).compactMap { deviation -> [ChainName]? in
            if case .emptied(let chains) = deviation { chains } else { nil }
        }
        #expect(emptied == [[ChainName("slot-0"), ChainName("slot-1")]])
    }
}
