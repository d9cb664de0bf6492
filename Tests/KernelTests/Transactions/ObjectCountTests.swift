// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

/// A service is elements, never objects.
@Suite("The number of objects")
struct ObjectCountTests {
    private let few: Ruleset
    private let many: Ruleset

    init() throws {
        few = try SyntheticRuleset.services(10, endpoints: 3)
        many = try SyntheticRuleset.services(10_000, endpoints: 3)
    }

    @Test("Chains, rules and sets are as many at 10 as at 10,000 services")
    func modelCounts() {
        #expect(few.objectCounts == many.objectCounts)
        #expect(many.objectCounts["chains"] ?? 0 > 20)
    }

    @Test("That holds in the kernel too", .needsNamespaces)
    func kernelCounts() throws {
        let namespace = try Namespace()
        for ruleset in [few, many] {
            try namespace.apply(ruleset)
            let lines = try namespace.output("nft", "-t", "list", "ruleset").split(separator: "\n")
            let rules = lines.filter { $0.hasPrefix("\t\t") && !$0.contains(#/^\t\t(type|flags|size|policy) /#) }
            let counts = [
                "chains": lines.count { $0.hasPrefix("\tchain ") }, "rules": rules.count,
                "sets": lines.count { $0.contains(#/^\t(set|map) /#) } + rules.count { $0.contains(" vmap { 0 : ") },
            ]
            #expect(counts == few.objectCounts)
        }
    }
}
