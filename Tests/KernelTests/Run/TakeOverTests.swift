// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// `ferrule run` on a node on which kube-proxy's tables stand.
@Suite("Coming from kube-proxy", .needsNamespaces)
struct TakeOverTests {
    private static let kubeProxy = Project.url("Tests/Data/kube-proxy-1.36-shop-node-a.nft")
    private static let other =
        "table ip other { chain c { type filter hook input priority 0; counter; }; set s { type ipv4_addr; }; }"

    private struct Node {
        let namespace: Namespace
        let manifests: String

        init() throws {
            namespace = try Namespace("kube-proxy")
            manifests = try String(contentsOfFile: Project.shopCluster, encoding: .utf8)
            try namespace.load(String(contentsOf: TakeOverTests.kubeProxy, encoding: .utf8))
            try namespace.load(TakeOverTests.other)
        }

        func standing() throws -> [String] {
            let listing = try namespace.run(["nft", "list", "tables"]).standardOutput
            return listing.split(separator: "\n").map { String($0.dropFirst("table ".count)) }.sorted()
        }

        func ruleset() throws -> Ruleset { try TestCluster(manifests).ruleset() }
    }

    private static let tables = IPFamily.allCases.flatMap {
        [TableName.ferrule($0), .kubeProxy($0), TableName($0, "other")]
    }

    private func commits(_ events: inout RulesetEvents) throws -> [RulesetCommit] {
        try events.next().compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
            .filter { !$0.changes.isEmpty }
    }

    @Test("its tables go in the very transaction in which Ferrule's first stand, and nothing else is touched")
    func takeOver() throws {
        let node = try Node()
        #expect(try node.standing() == ["ip kube-proxy", "ip other", "ip6 kube-proxy"])
        var events = try node.namespace.perform { () throws(NetlinkError) in try RulesetEvents(of: Self.tables) }
        let lab = try RunLab(node.namespace, node.manifests, "--take-over", "kube-proxy")
        #expect(try lab.waits(for: node.ruleset()))
        let log = try lab.stop().standardError
        #expect(log.contains("taken over from kube-proxy: its tables ip kube-proxy and ip6 kube-proxy"), "\(log)")
        #expect(!log.contains("both translate"))
        #expect(try node.standing() == ["ip ferrule", "ip other", "ip6 ferrule"])

        let commits = try commits(&events)
        let first = try #require(commits.first)
        for family in IPFamily.allCases {
            #expect(first.changes.contains(RulesetChange(.removed, .table, in: .kubeProxy(family))))
            #expect(first.changes.contains(RulesetChange(.added, .table, in: .ferrule(family))))
            // All that packets meet, not the name alone.
            #expect(first.changes.count { $0.table == .ferrule(family) && $0.action == .added } > 50)
            for commit in commits.dropFirst() { #expect(!commit.changes.contains { $0.table == .kubeProxy(family) }) }
        }
        #expect(!commits.contains { $0.changes.contains { $0.table.name == "other" } })
    }

    @Test("where Ferrule's tables stand already as they should, only the others go")
    func later() throws {
        let node = try Node()
        try node.namespace.apply(node.ruleset())
        let lab = try RunLab(node.namespace, node.manifests, "--take-over", "kube-proxy")
        try waitUntil("the other's tables go") { try !node.standing().contains("ip kube-proxy") }
        #expect(try node.standing() == ["ip ferrule", "ip other", "ip6 ferrule"])
        #expect(try node.namespace.holds(node.ruleset()))
        _ = try lab.stop()
    }

    @Test("unless it is asked for, they stay, and that both translate is said once")
    func beside() throws {
        let node = try Node()
        let lab = try RunLab(node.namespace, node.manifests)
        #expect(try lab.waits(for: node.ruleset()))
        try node.namespace.load("flush chain ip ferrule dispatch")
        #expect(try lab.waits(for: node.ruleset()))
        let log = try lab.stop().standardError
        #expect(log.split(separator: "\n").count { $0.contains("both translate") } == 1, "\(log)")
        #expect(try node.standing() == ["ip ferrule", "ip kube-proxy", "ip other", "ip6 ferrule", "ip6 kube-proxy"])
    }
}
