// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleNetwork
import FerruleRuleset
import Testing

@Suite("Whole rulesets")
struct RendererTests {
    @Test("Rendering twice gives the same bytes", arguments: IPFamily.allCases)
    func isStable(_ family: IPFamily) throws {
        let sample = SampleRuleset(family: family)
        #expect(try RulesetRenderer().render(sample.ruleset) == RulesetRenderer().render(sample.ruleset))
        #expect(try JSONRenderer().render(sample.ruleset) == JSONRenderer().render(sample.ruleset))
    }

    @Test("A table is added, deleted and made anew")
    func replacesTable() throws {
        let ruleset = try SampleRuleset(family: .ipv4).ruleset
        #expect(
            Rendering.text(ruleset).contains("\nadd table ip ferrule\ndelete table ip ferrule\ntable ip ferrule {\n"))
        let table = #"{"table": {"family": "ip", "name": "ferrule"}}"#
        #expect(
            Rendering.json(ruleset).hasPrefix(
                """
                {"nftables": [
                {"metainfo": {"json_schema_version": 1}},
                {"add": \(table)},
                {"delete": \(table)},
                {"add": \(table)},

                """))
    }

    @Test("A table that must not exist is only removed")
    func removesTable() {
        let ruleset = Ruleset(tables: [Table(TableName(.ipv6, "ferrule"))], summary: Summary())
        #expect(Rendering.text(ruleset).hasSuffix("\n\nadd table ip6 ferrule\ndelete table ip6 ferrule\n"))
        #expect(
            Rendering.json(ruleset).hasSuffix(
                #"{"delete": {"table": {"family": "ip6", "name": "ferrule"}}}"# + "\n]}\n"))
    }

    @Test("Blank lines stand between objects, none at the end of the block")
    func separatesObjects() throws {
        let text = Rendering.text(try SampleRuleset(family: .ipv4).ruleset)
        #expect(text.hasSuffix("masquerade fully-random\n\t}\n}\n"))
        #expect(text.contains("\t}\n\n\tmap endpoints-1 {\n"))
        #expect(!text.contains("\n\n\n"))
    }

    @Test("What a kind of object is for stands above the first of the kind")
    func explainsOnce() throws {
        let text = Rendering.text(try SampleRuleset(family: .ipv4).ruleset)
        #expect(text.contains("so many.\n\tmap endpoints-0 {\n"))
        #expect(text.occurrences(of: "# endpoints-K:") == 1)
        #expect(text.contains("is for.\n\tchain dispatch {\n"))
        #expect(text.contains("\t}\n\n\tchain nodeport-lb-2 {\n"))
    }

    struct BaseCase: Sendable {
        let base: BaseChain
        let text: String
        let json: String
        var kind = "nat"
        var policy = "accept"
    }

    static let bases = [
        BaseCase(
            base: BaseChain(.nat, .prerouting, priority: BaseChain.destinationNAT), text: "prerouting priority dstnat",
            json: #""hook": "prerouting", "prio": -100"#),
        BaseCase(
            base: BaseChain(.nat, .output, priority: BaseChain.destinationNAT), text: "output priority -100",
            json: #""hook": "output", "prio": -100"#),
        BaseCase(
            base: BaseChain(.nat, .input, priority: 150), text: "input priority 150",
            json: #""hook": "input", "prio": 150"#),
        BaseCase(
            base: BaseChain(.nat, .postrouting, priority: 50), text: "postrouting priority 50",
            json: #""hook": "postrouting", "prio": 50"#),
        BaseCase(
            base: BaseChain(.nat, .postrouting, priority: BaseChain.sourceNAT), text: "postrouting priority srcnat",
            json: #""hook": "postrouting", "prio": 100"#),
        BaseCase(
            base: BaseChain(.filter, .forward, priority: 0, policy: .drop), text: "forward priority 0",
            json: #""hook": "forward", "prio": 0"#, kind: "filter", policy: "drop"),
        BaseCase(
            base: BaseChain(.route, .output, priority: -150, policy: .drop), text: "output priority -150",
            json: #""hook": "output", "prio": -150"#, kind: "route", policy: "drop"),
    ]

    @Test(
        "Base chains have their type and policy, and names of priorities only where every nft accepts them",
        arguments: bases)
    func rendersBase(_ example: BaseCase) {
        let ruleset = Rendering.ruleset(.ipv4, rules: [Rule(.verdict(.drop))], base: example.base)
        let (text, json) = (Rendering.text(ruleset), Rendering.json(ruleset))
        let policy = example.policy
        #expect(text.contains("\n\t\ttype \(example.kind) hook \(example.text); policy \(policy);\n\t\tdrop\n\t}\n"))
        #expect(json.contains(#""type": "\#(example.kind)", \#(example.json), "policy": "\#(policy)"}}}"#))
    }

    @Test("JSON declares every chain before the first set")
    func declaresChainsFirst() throws {
        let lines = Rendering.json(try SampleRuleset(family: .ipv4).ruleset).split(separator: "\n")
        let lastChain = try #require(lines.lastIndex { $0.hasPrefix(#"{"add": {"chain""#) })
        let firstMap = try #require(lines.firstIndex { $0.hasPrefix(#"{"add": {"map""#) })
        let firstRule = try #require(lines.firstIndex { $0.hasPrefix(#"{"add": {"rule""#) })
        #expect(lastChain < firstMap)
        #expect(firstMap < firstRule)
    }
}

extension String {
    /// How often another text occurs in this one.
    fileprivate func occurrences(of other: String) -> Int {
        split(separator: other, omittingEmptySubsequences: false).count - 1
    }
}
