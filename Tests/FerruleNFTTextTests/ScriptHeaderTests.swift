// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleNetwork
import FerruleRuleset
import Testing

@Suite("The comment above a script")
struct ScriptHeaderTests {
    struct SummaryCase: Sendable, CustomTestStringConvertible {
        let numbers: [Int]
        let sentence: String

        var testDescription: String { sentence }
    }

    static let cases = [
        SummaryCase(
            numbers: [31, 74, 2, 1],
            sentence: "31 services with 74 endpoints; 2 headless and 1 ExternalName need no rules."),
        SummaryCase(numbers: [1, 1, 0, 0], sentence: "1 service with 1 endpoint."),
        SummaryCase(
            numbers: [2, 0, 1, 0], sentence: "2 services without endpoints; 1 headless service needs no rules."),
        SummaryCase(numbers: [0, 0, 2, 0], sentence: "No services; 2 headless services need no rules."),
        SummaryCase(numbers: [0, 0, 0, 1], sentence: "No services; 1 ExternalName service needs no rules."),
        SummaryCase(numbers: [0, 0, 0, 3], sentence: "No services; 3 ExternalName services need no rules."),
        SummaryCase(numbers: [0, 0, 0, 0], sentence: "No services."),
    ]

    @Test("Counts in singular and plural", arguments: cases)
    func counts(_ example: SummaryCase) {
        var summary = Summary()
        summary.services = example.numbers[0]
        summary.endpoints = example.numbers[1]
        summary.headless = example.numbers[2]
        summary.externalNames = example.numbers[3]
        #expect(summary.sentence == example.sentence)
    }

    @Test("A script names the tables that it replaces and those that it only removes")
    func namesTables() throws {
        var ruleset = try SampleRuleset(family: .ipv4).ruleset
        #expect(Rendering.text(ruleset).contains("# One transaction replaces the table ip ferrule; no other"))
        ruleset.tables.append(Table(TableName(.ipv6, "ferrule")))
        let text = Rendering.text(ruleset)
        #expect(text.contains("# One transaction replaces the tables ip ferrule and ip6 ferrule; no other"))
        #expect(text.contains("# No service needs ip6 ferrule: it is only removed.\n"))
    }
}
