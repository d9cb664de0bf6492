// SPDX-License-Identifier: Apache-2.0

import FerruleCLI
import FerruleCompiler
import FerruleNFTText
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// Services with so many endpoints that slots share maps.
@Suite("Maps of many slots", .needsNamespaces)
struct PageTests {
    /// Every family of slots has a page: both families, virtual addresses and node ports, both policies.
    static let manifests = Manifests.objects(
        Manifests.service(
            "four", "10.96.0.10", "http 80/TCP 30080",
            spec: "externalTrafficPolicy: Local\n  externalIPs: [203.0.113.1]"),
        Manifests.slice("four", (0..<300).map { "10.244.\($0 / 250).\($0 % 250 + 1) node-a" }, "http 8080/TCP"),
        Manifests.service(
            "six", "fd00:10:96::10", "http 80/UDP 30081",
            spec: "externalTrafficPolicy: Local\n  ipFamilies: [IPv6]\n  externalIPs: [\"2001:db8:cb::1\"]"),
        Manifests.slice(
            "six", (1...300).map { "fd00:10:244::\(String($0, radix: 16)) node-a" }, "http 8080/UDP"
        ).translated(to: .ipv6))

    private static let pages = ["", "local-", "nodeport-", "nodeport-local-"].flatMap { family in
        [64, 112, 160, 208, 256].map { "\(family)endpoints-\($0)" }
    }

    private let ruleset: Ruleset

    init() throws { ruleset = try TestCluster(Self.manifests).ruleset() }

    @Test("Every family of slots has five pages")
    func modelCounts() {
        for table in ruleset.tables {
            #expect(Set(table.sets.filter(\.isPage).map(\.name.description)) == Set(Self.pages))
            #expect(table.sets.filter(\.isPage).allSatisfy { [44, 48, 88, 96].contains($0.elements.count) })
        }
    }

    @Test("The text and the transaction list alike")
    func listsAlike() throws {
        let text = try Namespace("text")
        try text.load(String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self))
        let netlink = try Namespace("netlink")
        try netlink.apply(ruleset)
        #expect(try Listing(of: text).difference(from: Listing(of: netlink)) == [])
        let rule = "dnat ip6 to th dport & 299 | 299 . ip6 daddr . meta l4proto . th dport map @endpoints-256"
        #expect(try netlink.output("nft", "list", "chain", "ip6", "ferrule", "slot-299").contains(rule))
    }

    @Test("What the text or the transaction has made is read back as it was, and a second time nothing is sent")
    func readsBack() throws {
        for isText in [false, true] {
            let namespace = try Namespace("pages")
            if isText {
                try namespace.load(String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self))
            } else {
                try namespace.apply(ruleset)
            }
            let read = try namespace.read()
            #expect(read.tables.allSatisfy { $0.foreign.isEmpty })
            #expect(read.normalised(for: ruleset) == ruleset.normalised(for: ruleset))
            let digests = [read, ruleset].map { RulesetDigest(of: $0, isGenerated: ObjectNames.isGenerated) }
            #expect(digests[0] == digests[1])
            #expect(try !namespace.update(to: ruleset).isChanged)
        }
    }

    @Test("Endpoints come and go across maps of one slot and of many")
    func updates() throws {
        let namespace = try Namespace("updated")
        try namespace.update(to: ruleset)
        let counts = [299, 113, 112, 65, 64, 63, 300, 3, 300]
        for count in counts {
            let lines = Self.manifests.split(separator: "\n").filter { line in
                guard let last = line.firstMatch(of: /addresses: \["fd00:10:244::([0-9a-f]+)"\]/)?.1 else {
                    return true
                }
                return Int(last, radix: 16) ?? 0 > 300 - count
            }
            let wanted = try TestCluster(lines.joined(separator: "\n") + "\n").ruleset()
            let outcome = try namespace.update(to: wanted)
            #expect(outcome.isChanged && outcome.drift == [], "\(count)")
            try #require(try namespace.holds(wanted), "\(count)")
            #expect(try !namespace.update(to: wanted).isChanged, "\(count)")
        }
    }
}
