// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleNetlink
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

@Suite("The listing of the messages that apply sends", .needsNamespaces)
struct TransactionListingTests {
    private static let rulesets: [Ruleset] =
        EdgeRulesets.all.map(\.ruleset)
        + ["node-a", "node-b"].compactMap { node in
            guard let text = try? String(contentsOfFile: Project.shopCluster, encoding: .utf8) else { return nil }
            return try? TestCluster(text).with { $0.options.nodeName = node }.ruleset()
        }

    @Test("Rules have the instructions that nft says it sends for the text", arguments: rulesets.indices)
    func equalsWhatNFTSends(index: Int) throws {
        let ruleset = Self.rulesets[index]
        let namespace = try Namespace()
        let text = String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self)
        let sent = try namespace.output(["nft", "--debug=netlink", "-c", "-f", "-"], input: text)
        #expect(Self.rules(of: ruleset) == Self.sentRules(in: sent))
    }

    @Test("Rules have the instructions that nft lists after apply", arguments: rulesets.indices)
    func equalsWhatTheKernelHas(index: Int) throws {
        let ruleset = Self.rulesets[index]
        let namespace = try Namespace()
        try namespace.apply(ruleset)
        let listed = try Listing(of: namespace).rules.map { block in
            Listing.Block(title: block.title, lines: block.lines.map(Self.withoutAdditions))
        }
        #expect(Self.rules(of: ruleset) == listed)
    }

    /// Without what the kernel adds: flags of lookups where there are none, the upper ends of ranges of one, and the
    /// flags that say so.
    private static func withoutAdditions(_ instruction: String) -> String {
        if instruction.hasPrefix("[ lookup ") { return instruction.replacing(" 0x0 ]", with: " ]") }
        guard instruction.hasPrefix("[ nat ") else { return instruction }
        return instruction.replacing(/\ (addr|proto)_max reg \d+/, with: "").replacing(" flags 0x3 ]", with: " ]")
    }

    @Test("All rulesets were made")
    func hasRulesets() { #expect(Self.rulesets.count == EdgeRulesets.all.count + 2) }

    private static func rules(of ruleset: Ruleset) -> [Listing.Block] {
        let listing = TransactionListing().render(.replacing(with: ruleset))
        return Listing.blocks(in: String(decoding: listing, as: UTF8.self))
            .filter { $0.title.hasPrefix("NFT_MSG_NEWRULE ") }
            .map { Listing.Block(title: String($0.title.dropFirst("NFT_MSG_NEWRULE ".count)), lines: $0.lines) }
    }

    /// nft says much else; a rule is a title of three words and instructions in brackets.
    private static func sentRules(in output: String) -> [Listing.Block] {
        Listing.blocks(in: output).filter { $0.lines.first?.hasPrefix("[ ") == true }
    }
}
