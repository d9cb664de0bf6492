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
        var counts: [[Int]] = []
        for ruleset in [few, many] {
            try namespace.apply(ruleset)
            let rules = try namespace.output("nft", "-t", "list", "ruleset").split(separator: "\n")
                .count { $0.hasPrefix("\t\t") && !$0.contains(#/^\t\t(type|flags|size|policy) /#) }
            let status = try namespace.perform { () throws(NetlinkError) in
                try Kernel().status(of: IPFamily.allCases.map(TableName.ferrule))
            }
            #expect(status.tables.map(\.elements).reduce(0, +) == ruleset.elementCount)
            counts.append(status.tables.flatMap { [$0.chains, $0.sets] } + [rules])
        }
        #expect(counts[0] == counts[1])
        let objects = few.objectCounts
        #expect(counts[0][0] + counts[0][2] == objects["chains"] && counts[0][1] + counts[0][3] == objects["sets"])
        #expect(counts[0][4] == objects["rules"])
    }
}

extension Ruleset {
    /// What `status` counts: elements of all sets, the anonymous ones included, where each end of a range counts.
    fileprivate var elementCount: Int {
        tables.reduce(0) { count, table in
            let named = table.sets.reduce(0) { $0 + ($1.isInterval ? 2 * $1.elements.count + 1 : $1.elements.count) }
            let anonymous = table.chains.flatMap(\.rules).flatMap(\.statements).reduce(0) { count, statement in
                if case .numgen(let verdicts) = statement { count + verdicts.count } else { count }
            }
            return count + named + anonymous
        }
    }
}
