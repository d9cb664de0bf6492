// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleRuleset
import FerruleTestSupport
import NetworkLab
import Testing

/// What `render` prints and what `apply` does are two paths to one state of the kernel.
@Suite("Text equals netlink", .needsNamespaces)
struct TextEqualsNetlinkTests {
    @Test("The program's text and its transaction list alike", arguments: try RenderCase.loadable())
    func programs(sample: RenderCase) throws {
        let text = try Namespace("text")
        try text.load(sample.text)
        let netlink = try Namespace("netlink")
        _ = try sample.output(of: "apply", in: netlink)
        let difference = try Listing(of: text).difference(from: Listing(of: netlink))
        #expect(difference == [])
    }

    @Test("What is left out for the installed nft is what that aborts at")
    func aborts() throws {
        let nft = try NFTAbility.installed()
        for sample in try RenderCase.all() where !nft.reads(sample.text) {
            let run = try Namespace("text").run(["nft", "-f", "-"], input: sample.text)
            #expect(run.standardError.contains("Assertion"), "\(sample): \(run.standardError)")
        }
    }

    @Test("They are nearly all of golden/, and what the installed nft does not read as JSON leaves some")
    func findsGoldens() throws {
        let cases = try RenderCase.all()
        #expect(cases.count { $0.name.hasPrefix("golden/") } > 120)
        #expect(cases.contains { $0.name.hasPrefix("Tests/") })
        #expect(try RenderCase.loadable().count > cases.count - 15)
        #expect(try RenderCase.loadableAsJSON().count > 20)
    }

    @Test("The same holds for all kinds of statements, elements and ranges", arguments: EdgeRulesets.all)
    func edges(edge: EdgeRulesets) throws {
        let text = try Namespace("text")
        try text.load(edge.text)
        let netlink = try Namespace("netlink")
        try netlink.apply(edge.ruleset)
        let difference = try Listing(of: text).difference(from: Listing(of: netlink))
        #expect(difference == [])
    }

    @Test(
        "Base chains load from JSON as well", arguments: EdgeRulesets.all.filter { $0.ruleset.tables[0].sets.isEmpty })
    func baseChains(edge: EdgeRulesets) throws {
        let json = try Namespace("json")
        let rendered = String(decoding: JSONRenderer().render(edge.ruleset), as: UTF8.self)
        _ = try json.output(["nft", "-j", "-f", "-"], input: rendered)
        let text = try Namespace("text")
        try text.load(edge.text)
        #expect(try Listing(of: json).objects == Listing(of: text).objects)
    }

    @Test("The JSON loads where nft can read it, and lists like the text", arguments: try RenderCase.loadableAsJSON())
    func loadsJSON(sample: RenderCase) throws {
        let json = try Namespace("json")
        let rendered = try sample.output(of: "render", "--format", "json", in: json)
        _ = try json.output(["nft", "-j", "-f", "-"], input: rendered)
        let text = try Namespace("text")
        try text.load(sample.text)
        // The JSON declares chains ahead of sets, so the order of objects differs.
        #expect(try Listing(of: json).objects.sorted() == Listing(of: text).objects.sorted())
    }
}
