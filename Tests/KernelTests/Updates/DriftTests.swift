// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// What somebody else does to Ferrule's tables.
@Suite("Drift", .needsNamespaces)
struct DriftTests {
    private static let manifests = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "http 80/TCP 30080"),
        Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 8080/TCP"))

    private func drifted(_ change: String) throws -> (namespace: Namespace, ruleset: Ruleset) {
        let namespace = try Namespace("drift")
        let ruleset = try TestCluster(Self.manifests).ruleset()
        try namespace.load("table ip other { chain mine { ip saddr 192.0.2.1 drop; }; }")
        try namespace.apply(ruleset)
        #expect(RulesetDigest(of: try namespace.read()) == RulesetDigest(of: ruleset))
        try namespace.load(change)
        return (namespace, ruleset)
    }

    @Test(
        "Rules, chains, sets and whatever else was added by hand are reported and go",
        arguments: [
            "add rule ip ferrule dispatch ip saddr 192.0.2.1 drop",
            "insert rule ip ferrule nat-prerouting counter",
            "add chain ip ferrule mine",
            "add chain ip ferrule mine; add rule ip ferrule mine drop; add rule ip ferrule dispatch jump mine",
            "add chain ip ferrule mine { type filter hook input priority 0; policy drop; }",
            "add set ip ferrule mine { type ipv4_addr; }; add element ip ferrule mine { 192.0.2.1 }",
            "add set ip ferrule mine { type ether_addr; }",
            "add set ip ferrule mine { type ipv4_addr; }; add rule ip ferrule dispatch ip saddr @mine drop",
            """
            add chain ip ferrule mine; add map ip ferrule ways { type ipv4_addr : verdict; }
            add element ip ferrule ways { 192.0.2.1 : goto mine }
            add rule ip ferrule dispatch ip saddr vmap @ways
            """,
            """
            add chain ip ferrule one; add chain ip ferrule two; add rule ip ferrule one goto two
            add map ip ferrule ways { type ipv4_addr : verdict; }; add rule ip ferrule two ip saddr vmap @ways
            """,
            // The kernel lets nobody empty such a set as long as a rule looks it up.
            """
            add set ip ferrule mine { type ipv4_addr; flags constant; elements = { 192.0.2.1 }; }
            insert rule ip ferrule dispatch ip saddr @mine drop
            """,
            """
            add map ip ferrule mine { type ipv4_addr : verdict; flags constant; elements = { 192.0.2.1 : drop }; }
            add chain ip ferrule other; add rule ip ferrule other ip saddr vmap @mine
            """,
            "add chain ip ferrule slot-9; add rule ip ferrule slot-9 jump { drop; }",
            "add rule ip ferrule record counter",
            "add rule ip ferrule dispatch ip saddr 192.0.2.1 jump { counter drop; }",
            "add rule ip ferrule dispatch ip saddr 192.0.2.1 goto { ip ttl 1 drop; }",
            "add counter ip ferrule mine",
            "add table ip ferrule { flags dormant; }",
            "add chain ip ferrule nat-prerouting { policy drop; }",
            "add element ip ferrule services { 10.96.0.99 . tcp . 80 : return }",
            "add element ip ferrule services { * : drop }",
            "add element ip ferrule cluster-ips { * }",
            "add element ip ferrule endpoints-0 { * : 192.0.2.1 . 80 }",
            "add chain ip ferrule lb-77; add rule ip ferrule lb-77 ip saddr 192.0.2.1 drop",
            "add map ip ferrule affinity-services { type ipv4_addr : verdict; }; "
                + "add element ip ferrule affinity-services { 192.0.2.1 : return }",
        ])
    func reportsAndRemoves(change: String) throws {
        let (namespace, ruleset) = try drifted(change)
        let others = try namespace.output("nft", "-a", "list", "table", "ip", "other")
        #expect(RulesetDigest(of: try namespace.read()) != RulesetDigest(of: ruleset))
        let outcome = try namespace.update(to: ruleset)
        #expect(outcome.isChanged)
        #expect(outcome.drift != [])
        #expect(try namespace.holds(ruleset))
        #expect(try namespace.read().tables.allSatisfy { $0.foreign.isEmpty })
        #expect(try !namespace.update(to: ruleset).isChanged)
        #expect(try namespace.output("nft", "-a", "list", "table", "ip", "other") == others)
        let fresh = try Namespace("fresh")
        try fresh.load("table ip other { chain mine { ip saddr 192.0.2.1 drop; }; }")
        try fresh.apply(ruleset)
        #expect(try Listing(of: namespace).objects.sorted() == Listing(of: fresh).objects.sorted())
    }

    @Test(
        "Beside an element that Ferrule never writes the others of its set are read",
        arguments: [
            (SetPurpose.services, "services { 10.96.0.99 . tcp . 80 : return, * : drop }", 2),
            (.clusterIPs, "cluster-ips { * }", 1), (.podCIDRs, "pod-cidrs { 172.16.0.5-172.16.0.9, 172.17.0.0/16 }", 1),
        ])
    func foreignElements(set: SetPurpose, elements: String, count: Int) throws {
        let (namespace, ruleset) = try drifted("add element ip ferrule \(elements)")
        let read = try namespace.read().tables[0]
        #expect(read.foreign == [.elements(count, of: set.name)])
        func keys(_ table: Table) -> [ElementKey] { table.sets.first { $0.purpose == set }?.elements.map(\.key) ?? [] }
        let wanted = keys(ruleset.tables[0])
        #expect(!wanted.isEmpty && Set(keys(read)).isSuperset(of: wanted))
    }

    @Test(
        "What was taken away or exchanged by hand is put back",
        arguments: [
            "flush ruleset", "delete table ip ferrule", "delete element ip ferrule services { 10.96.0.10 . tcp . 80 }",
            "flush map ip ferrule endpoints-0", "flush chain ip ferrule dispatch", "flush set ip ferrule pod-cidrs",
            "add element ip ferrule cluster-ips { 10.96.0.77 }", "add element ip ferrule pod-cidrs { 172.16.0.0/12 }",
            "flush chain ip ferrule nat-output; delete chain ip ferrule nat-output",
        ])
    func putsBack(change: String) throws {
        let (namespace, ruleset) = try drifted(change)
        #expect(try namespace.update(to: ruleset).isChanged)
        #expect(try namespace.holds(ruleset))
        #expect(try !namespace.update(to: ruleset).isChanged)
    }

    /// The rules of a chain, in nft's words, each with others that differ in one attribute of an instruction.
    struct Deviation: Sendable {
        let chain: String
        let own: [String]
        let others: [[String]]

        init(_ chain: String, _ own: [String], others: [[String]]) {
            (self.chain, self.own, self.others) = (chain, own, others)
        }

        private static let picks = "vmap { 0 : goto slot-0, 1 : goto slot-1 }"
        private static let translation = "dnat ip to ip daddr . meta l4proto . th dport map @endpoints-1"
        private static let marked = "meta mark & 0x4000 != 0 meta mark set meta mark ^ 0x4000 masquerade fully-random"
        private static let update = "@affinity-test/web/tcp/http { ip saddr timeout 3h"

        private static func remembering(_ transport: String, _ direction: String = "original") -> String {
            "\(transport) dport != 0 ct \(direction) ip daddr . meta l4proto . ct original proto-dst vmap @affinity-services"
        }

        static let all: [Deviation] = [
            Deviation(
                "lb-2", ["numgen random mod 2 \(picks)"],
                others: [["numgen random mod 2 offset 1 \(picks)"], ["numgen inc mod 2 \(picks)"]]),
            Deviation(
                "slot-1", [translation, "goto slot-0"], others: [[translation + " persistent", "goto slot-0"]]),
            Deviation(
                "refuse", ["meta l4proto tcp reject with tcp reset", "reject"],
                others: [["meta l4proto tcp reject with tcp reset", "reject with icmp admin-prohibited"]]),
            Deviation(
                "nat-postrouting",
                [marked, "ct status dnat ip saddr . ip daddr @hairpin masquerade fully-random"],
                others: [[marked, "ct status dnat ip saddr . ip daddr @hairpin masquerade random"]]),
            Deviation(
                "remember-test/web/tcp/http", ["tcp dport != 0 update \(update) : ip daddr . tcp dport }"],
                others: [
                    ["tcp dport != 0 add \(update) : ip daddr . tcp dport }"],
                    ["tcp dport != 0 update \(update) limit rate 1/hour : ip daddr . tcp dport }"],
                ]),
            Deviation(
                "remember", ["tcp", "udp", "sctp"].map { remembering($0) },
                others: [[remembering("tcp", "reply"), remembering("udp"), remembering("sctp")]]),
        ]
    }

    @Test(
        "An instruction that does something else, if only by one of its attributes, is another program's",
        arguments: Deviation.all)
    func deviates(_ deviation: Deviation) throws {
        let manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP", spec: "sessionAffinity: ClientIP"),
            Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 8080/TCP"),
            Manifests.service("none", "10.96.0.11", "http 80/TCP"))
        let namespace = try Namespace("deviation")
        let ruleset = try TestCluster(manifests).ruleset()
        try namespace.apply(ruleset)
        func write(_ rules: [String]) throws {
            let lines = rules.map { "add rule ip ferrule \(deviation.chain) \($0)" }
            try namespace.load((["flush chain ip ferrule \(deviation.chain)"] + lines).joined(separator: "\n"))
        }
        try write(deviation.own)
        #expect(try !namespace.update(to: ruleset).isChanged)
        for other in deviation.others {
            try write(other)
            let outcome = try namespace.update(to: ruleset)
            #expect(outcome.drift.count == 1, "\(other)")
            #expect(try namespace.holds(ruleset))
        }
    }

    @Test("A set that limits or counts what is found in it is another program's") func activeSets() throws {
        let (namespace, ruleset) = try drifted("")
        for kind in ["set cluster-ips", "map services"] {
            let text = try namespace.output("nft", "list", "table", "ip", "ferrule")
            let head = try #require(text.firstRange(of: "\(kind) {\n"))
            let type = try #require(text[head.upperBound...].firstIndex(of: "\n"))
            let active = text[...type] + "limit rate 1/day burst 1 packets\n" + text[type...]
            try namespace.load("delete table ip ferrule\n" + active)
            #expect(try namespace.update(to: ruleset).drift.contains { $0.contains(kind.split(separator: " ")[1]) })
            #expect(try namespace.holds(ruleset))
        }
    }

    @Test("A range over several ports is none of a port") func rangeOverPorts() throws {
        let manifests = Manifests.objects(
            Manifests.service(
                "web", "10.96.0.10", "http 80/TCP", spec: "loadBalancerSourceRanges: [203.0.113.0/24]",
                ingress: "{ ip: 192.0.2.10 }"),
            Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP"))
        let namespace = try Namespace("ranges")
        let ruleset = try TestCluster(manifests).ruleset()
        try namespace.apply(ruleset)
        try namespace.load(
            """
            delete element ip ferrule source-ranges { 192.0.2.10 . tcp . 80 . 203.0.113.0/24 }
            add element ip ferrule source-ranges { 192.0.2.10 . tcp . 80-443 . 203.0.113.0/24 }
            """)
        #expect(try namespace.read().tables[0].foreign == [.elements(1, of: SetPurpose.sourceRanges.name)])
        #expect(try namespace.update(to: ruleset).isChanged)
        #expect(try namespace.holds(ruleset))
    }

    @Test("What others put into a table that need not stand, or has no chain, is named as well") func unneededTables()
        throws
    {
        let (namespace, ruleset) = try drifted("add table ip6 ferrule; add set ip6 ferrule mine { type ipv6_addr; }")
        #expect(try namespace.read().tables.contains { $0.family == .ipv6 && $0.foreign == [] && !$0.isAbsent })
        #expect(try namespace.update(to: ruleset).drift == ["set ip6 ferrule mine"])
        try namespace.load("delete table ip ferrule; add table ip ferrule; add set ip ferrule mine { type ipv4_addr; }")
        #expect(try namespace.update(to: ruleset).drift == ["set ip ferrule mine"])
        #expect(try namespace.holds(ruleset))
    }

    @Test("Rules of others are read with their place between Ferrule's, and with what libnftnl says of them")
    func placesOfRules() throws {
        let (namespace, ruleset) = try drifted(
            """
            insert rule ip ferrule unserved counter
            add rule ip ferrule unserved index 1 limit rate 1/second
            add rule ip ferrule unserved quota 1 bytes
            add rule ip ferrule unserved ip ttl 1
            """)
        func unserved(_ ruleset: Ruleset) throws -> Chain {
            try #require(ruleset.tables[0].chains.first { $0.purpose == .unserved })
        }
        let read = try unserved(namespace.read())
        #expect(read.rules == (try unserved(ruleset)).rules)
        #expect(read.foreignRules.map(\.position) == [0, 1, 2, 2])
        let words = ["counter", "limit", "quota", "payload"]
        #expect(zip(read.foreignRules, words).allSatisfy { $0.text.contains($1) }, "\(read.foreignRules)")
    }
}
