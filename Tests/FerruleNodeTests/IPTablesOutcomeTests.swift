// SPDX-License-Identifier: Apache-2.0

import FerruleIPTables
import FerruleNetwork
import FerruleNode
import Testing

@Suite struct IPTablesOutcomeTests {
    private static let jump = "-A PREROUTING -j FERRULE-SERVICES\n"

    private func change(_ saved: String, _ wanted: IPTablesTable) -> IPTablesChange {
        IPTablesChange(
            from: StandingIPTables("*nat\n\(saved)COMMIT\n", .ipv4), to: IPTablesRuleset(.ipv4, tables: [wanted]))
    }

    @Test("jumps that go are told from such that come")
    func words() {
        var outcome = IPTablesApplier.Outcome()
        outcome.changes[.ipv4] = change(":FERRULE-SERVICES - [0:0]\n" + Self.jump, IPTablesTable(.nat))
        #expect(outcome.words == "1 chain removed, 1 jump removed")
    }

    @Test("of a jump that stands twice both go and one comes, so that never none is left")
    func twice() {
        var wanted = IPTablesTable(.nat)
        wanted.jumps["PREROUTING"] = IPTablesChainName(saved: "FERRULE-SERVICES").map { chain in
            IPTablesRule(target: .jump(chain))
        }
        #expect(change(Self.jump, wanted).isEmpty)
        let removal = "-D PREROUTING -j FERRULE-SERVICES\n"
        let new = "-I PREROUTING 1 -m comment --comment \"Kubernetes Services, by Ferrule\" -j FERRULE-SERVICES\n"
        #expect(change(Self.jump + Self.jump, wanted).text == "*nat\n\(removal)\(removal)\(new)COMMIT\n")
    }
}
