// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

@Suite("Statements")
struct StatementTests {
    @Test("A statement in the language of nft", arguments: StatementCase.all, IPFamily.allCases)
    func rendersAsText(_ example: StatementCase, _ family: IPFamily) {
        let text = Rendering.text(Rendering.ruleset(family, rules: [Rule(example.statement)]))
        #expect(text.contains("\n\tchain only {\n\t\t\(named(example.text, family))\n\t}\n"))
    }

    @Test("A statement in JSON", arguments: StatementCase.all, IPFamily.allCases)
    func rendersAsJSON(_ example: StatementCase, _ family: IPFamily) {
        let json = Rendering.json(Rendering.ruleset(family, rules: [Rule(example.statement)]))
        #expect(json.contains(#""chain": "only", "expr": [\#(named(example.json, family))]}}}"#))
    }

    @Test("Loopback addresses by family")
    func excludesLoopback() {
        let (ipv4, ipv6) = (
            Rendering.ruleset(.ipv4, rules: [Rule(.isNotLoopback)]),
            Rendering.ruleset(.ipv6, rules: [Rule(.isNotLoopback)])
        )
        #expect(Rendering.text(ipv4).contains("\tip daddr != 127.0.0.0/8\n"))
        #expect(Rendering.text(ipv6).contains("\tip6 daddr != ::1\n"))
        #expect(Rendering.json(ipv4).contains(#""right": {"prefix": {"addr": "127.0.0.0", "len": 8}}"#))
        #expect(Rendering.json(ipv6).contains(#""op": "!=", "left": {"payload": {"protocol": "ip6", "#))
        #expect(Rendering.json(ipv6).contains(#""right": "::1""#))
    }

    @Test("The statements of a rule stand on one line in their order")
    func joinsStatements() {
        let rule = Rule(.transportProtocol(.tcp), .reject(withTCPReset: true))
        let ruleset = Rendering.ruleset(.ipv4, rules: [rule])
        #expect(Rendering.text(ruleset).contains("\t\tmeta l4proto tcp reject with tcp reset\n"))
        #expect(Rendering.json(ruleset).contains(#""right": "tcp"}}, {"reject": {"type": "tcp reset"}}]"#))
    }

    @Test("Many verdicts stand in rows of five")
    func breaksLongSpreads() {
        let verdicts = (0..<6).map { Verdict.goto(ChainName("slot-\($0)")) }
        #expect(
            Rendering.text(Rendering.ruleset(.ipv4, rules: [Rule(.numgen(verdicts))])).contains(
                """
                \t\tnumgen random mod 6 vmap {
                \t\t\t0 : goto slot-0, 1 : goto slot-1, 2 : goto slot-2, 3 : goto slot-3, 4 : goto slot-4,
                \t\t\t5 : goto slot-5,
                \t\t}

                """))
    }

    /// The expected output with the family's name in place of `IP`.
    private func named(_ expected: String, _ family: IPFamily) -> String {
        let name = family == .ipv4 ? "ip" : "ip6"
        return expected.split(separator: "IP", omittingEmptySubsequences: false).joined(separator: name)
    }
}
