// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleCompiler
import FerruleNFTText
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// Services with so many endpoints that they are cut into parts.
@Suite("Services in parts", .needsNamespaces)
struct PartTests {
    /// Services of every scope have parts: both families, virtual addresses and node ports, both policies.
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

    private static let maps = ["", "local-", "nodeport-", "nodeport-local-"].flatMap { scope in
        (0..<3).map { "\(scope)parts-\($0)" }
    }

    private let ruleset: Ruleset

    init() throws { ruleset = try TestCluster(Self.manifests).withSmallParts.ruleset() }

    @Test("There are maps of three parts for every scope, and no slots but those of a hundred endpoints")
    func modelCounts() {
        for table in ruleset.tables {
            #expect(Set(table.sets.filter(\.purpose.isOfParts).map(\.name.description)) == Set(Self.maps))
            // A ClusterIP and an external address; an external address; a node port; again.
            #expect(
                table.sets.filter(\.purpose.isOfParts).map(\.elements.count) == [2, 1, 1, 1].flatMap { [$0, $0, $0] })
            let slots = table.chains.filter { $0.name.description.contains("slot-") }.map(\.name.description)
            #expect(slots == (0..<100).map { "slot-\($0)" })
        }
    }

    @Test("The text and the transaction list alike")
    func listsAlike() throws {
        let text = try Namespace("text")
        try text.load(String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self))
        let netlink = try Namespace("netlink")
        try netlink.apply(ruleset)
        #expect(try Listing(of: text).difference(from: Listing(of: netlink)) == [])
        for (chain, key) in [("part-2-100", "ip6 daddr . "), ("nodeport-local-part-2-100", "")] {
            let map = chain.replacing("part-2-100", with: "parts-2")
            let rule = "ip6 daddr set \(key)meta l4proto . th dport map @\(map) goto lb-100"
            #expect(try netlink.output("nft", "list", "chain", "ip6", "ferrule", chain).contains(rule))
        }
    }

    @Test("What the text or the transaction has made is read back as it was, and a second time nothing is sent")
    func readsBack() throws {
        for isText in [false, true] {
            let namespace = try Namespace("parts")
            if isText {
                try namespace.load(String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self))
            } else {
                try namespace.apply(ruleset)
            }
            let read = try namespace.read()
            #expect(read.tables.allSatisfy { $0.foreign.isEmpty })
            #expect(read.normalised(for: ruleset) == ruleset.normalised(for: ruleset))
            let digests = [read, ruleset].map { RulesetDigest(of: $0) }
            #expect(digests[0] == digests[1])
            #expect(try !namespace.update(to: ruleset).isChanged)
        }
    }

    @Test("Endpoints come and go where a service is cut into parts and where it is not")
    func updates() throws {
        let namespace = try Namespace("updated")
        try namespace.update(to: ruleset)
        let counts = [299, 257, 256, 255, 129, 128, 127, 300, 3, 300]
        for count in counts {
            let lines = Self.manifests.split(separator: "\n").filter { line in
                guard let last = line.firstMatch(of: /addresses: \["fd00:10:244::([0-9a-f]+)"\]/)?.1 else {
                    return true
                }
                return Int(last, radix: 16) ?? 0 > 300 - count
            }
            let wanted = try TestCluster(lines.joined(separator: "\n") + "\n").withSmallParts.ruleset()
            let outcome = try namespace.update(to: wanted)
            #expect(outcome.isChanged && outcome.drift == [], "\(count)")
            try #require(try namespace.holds(wanted), "\(count)")
            #expect(try !namespace.update(to: wanted).isChanged, "\(count)")
        }
    }

    @Test("A table where maps of the same name hold several slots each is made anew")
    func otherLayout() throws {
        let namespace = try Namespace("older")
        try namespace.load(
            """
            table ip ferrule {
                map endpoints-64 {
                    type inet_service . ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
                    elements = { 70 . 10.96.0.10 . tcp . 80 : 10.244.0.71 . 8080 }
                }
                chain slot-70 {
                    dnat ip to th dport & 70 | 70 . ip daddr . meta l4proto . th dport map @endpoints-64
                }
            }
            """)
        try namespace.update(to: ruleset)
        try #require(try namespace.holds(ruleset))
        #expect(try !namespace.update(to: ruleset).isChanged)
    }
}
