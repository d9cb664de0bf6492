// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleCompiler
import FerruleNetlink
import FerruleRuleset
import Foundation
import NetworkLab
import RandomClusters
import Testing

/// The smallest transaction, in a kernel.
@Suite("Updates", .needsNamespaces)
struct UpdateTests {
    @Test(
        "An update leads to what a fresh apply makes, and a second one sends nothing",
        arguments: 0..<8 as Range<UInt64>)
    func randomClusters(seed: UInt64) throws {
        let namespace = try Namespace("updated")
        var random = RandomCluster(seed: seed)
        var cluster = random.cluster()
        for step in 0..<125 {
            cluster = step % 3 == 0 ? random.cluster() : random.changed(cluster)
            let wanted = cluster.ruleset()
            let outcome = try namespace.update(to: wanted)
            #expect(outcome.drift == [], "step \(step)")
            try #require(try namespace.holds(wanted), "step \(step)")
            let before = try namespace.perform { () throws(NetlinkError) in try Kernel().generation() }
            #expect(try !namespace.update(to: wanted).isChanged, "step \(step)")
            #expect(try namespace.perform { () throws(NetlinkError) in try Kernel().generation() } == before)
        }
    }

    @Test("What a fresh apply makes is read back as it was", arguments: 10..<14 as Range<UInt64>)
    func readsBack(seed: UInt64) throws {
        let namespace = try Namespace("fresh")
        var random = RandomCluster(seed: seed)
        for _ in 0..<15 {
            let ruleset = random.cluster().ruleset()
            try namespace.apply(ruleset)
            let read = try namespace.read()
            #expect(read.tables.allSatisfy { $0.foreign.isEmpty })
            #expect(read.normalised(for: ruleset) == ruleset.normalised(for: ruleset))
        }
    }

    @Test("All kinds of statements, elements and ranges are read back as they were", arguments: EdgeRulesets.all)
    func readsEdges(edge: EdgeRulesets) throws {
        let namespace = try Namespace("edges")
        try namespace.apply(edge.ruleset)
        let read = try namespace.perform { () throws(NetlinkError) in
            try Kernel().read(edge.ruleset.tables.map(\.name)).ruleset
        }
        #expect(read.tables.flatMap(\.foreign) == [])
        #expect(read.normalised(for: edge.ruleset) == edge.ruleset.normalised(for: edge.ruleset))
    }

    /// nft 1.0.6 cannot load what writes into a map under an IPv6 key, so the text lacks these rules.
    @Test("After an apply, or loading the text, there is nothing to change", arguments: try RenderCase.loadable())
    func nothingToChange(sample: RenderCase) throws {
        let namespace = try Namespace("again")
        for isText in [false, true] {
            if isText { try namespace.load(sample.text) } else { _ = try sample.output(of: "apply", in: namespace) }
            let report = try sample.output(of: "apply", "--format", "json", in: namespace)
            let object = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
            #expect(object?["changed"] as? Bool == false, "\(isText ? "text" : "netlink"): \(report)")
        }
    }
}
