// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import Testing

@testable import FerruleNode

@Suite struct TidyingTests {
    @Test("what cannot be done after an apply is told with what comes of it, and is no failure")
    func problems() throws {
        let affinity = SetDefinition(
            named: SetName("affinity"), key: [.address], value: .data([.address, .port]),
            kind: .dynamic(SetDefinition.DynamicElements(timeout: 60, values: [])))
        var ruleset = Ruleset(tables: [Table(.ferrule(.ipv4), sets: [affinity])], summary: Summary())
        ruleset.served[.ipv4] = ServedAddresses()
        var tidying = Tidying()
        let kernel = Kernel { _ throws(NetlinkError) in throw .notPermitted }
        tidying.run(kernel, ruleset, former: [:], localAddresses: [])
        #expect(tidying.problems.count == 2)
        #expect(
            tidying.problems.first?.hasPrefix("what session affinity remembers could not be looked through (") == true)
        #expect(tidying.problems.last?.hasPrefix("tracked connections could not be looked through (") == true)
        #expect(tidying.flowCount == 0 && tidying.text == nil)
    }
}
