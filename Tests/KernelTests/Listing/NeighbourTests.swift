// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What others have in nf_tables is theirs.
@Suite("Neighbours", .needsNamespaces)
struct NeighbourTests {
    /// Tables with the families and names that are nearest to Ferrule's.
    private static let neighbours = """
        table ip other {
            comment "not Ferrule's"
            set services { type ipv4_addr; flags interval; elements = { 10.96.0.0/16, 192.0.2.1 } }
            map services-too { type ipv4_addr . inet_service : verdict; elements = { 10.96.0.1 . 80 : goto lb-1 } }
            chain lb-1 { counter packets 7 bytes 700 drop; }
        }
        table inet ferrule {
            chain dispatch { tcp dport { 80, 443 } accept; }
        }
        table ip ferrule-too { }
        table ip nat {
            chain PREROUTING {
                type nat hook prerouting priority dstnat; policy accept;
                ip daddr 10.96.0.1 dnat to 192.0.2.1
            }
            chain POSTROUTING { type nat hook postrouting priority srcnat; policy accept; masquerade; }
        }
        table ip6 filter {
            chain input { type filter hook input priority filter; policy drop; }
        }
        table netdev ferrule { }
        """

    private func shop(_ node: String = "node-a") throws -> Ruleset {
        let text = try String(contentsOfFile: Project.shopCluster, encoding: .utf8)
        return try TestCluster(text).with { $0.options.nodeName = node }.ruleset()
    }

    /// The listing of every table but Ferrule's two, handles and all.
    private func neighbours(in namespace: Namespace) throws -> [String] {
        var listings: [String] = []
        for table in try namespace.output("nft", "list", "tables").split(separator: "\n") {
            if table == "table ip ferrule" || table == "table ip6 ferrule" { continue }
            let words: [String] = table.split(separator: " ").map(String.init)
            listings.append(try namespace.output(["nft", "-a", "list"] + words))
        }
        return listings
    }

    @Test("Applying, applying again, replacing and deleting leave other tables byte for byte")
    func leavesNeighbours() throws {
        let namespace = try Namespace()
        try namespace.load(Self.neighbours)
        let before = try neighbours(in: namespace)
        #expect(before.count == 6)
        let tables = IPFamily.allCases.map(TableName.ferrule)
        let steps: [(String, Transaction)] = [
            ("apply", .replacing(with: try shop())), ("apply again", .replacing(with: try shop())),
            ("replace", .replacing(with: try shop("node-b"))),
            ("nothing", .replacing(with: Ruleset(tables: tables.map { Table($0) }, summary: Summary()))),
            ("delete", .deleting(tables)), ("delete again", .deleting(tables)),
        ]
        for (name, transaction) in steps {
            try namespace.apply(transaction)
            #expect(try neighbours(in: namespace) == before, "\(name)")
        }
        let left = try namespace.output("nft", "list", "tables").split(separator: "\n")
        #expect(!left.contains("table ip ferrule") && !left.contains("table ip6 ferrule"))
    }

    @Test("The text too replaces its own tables only")
    func textLeavesNeighbours() throws {
        let namespace = try Namespace()
        try namespace.load(Self.neighbours)
        let before = try neighbours(in: namespace)
        let render = ["render", "-q", "-f", Project.shopCluster, "--node-name"]
        for node in ["node-a", "node-b"] {
            try namespace.load(try namespace.output([Project.program] + render + [node]))
            #expect(try neighbours(in: namespace) == before)
        }
    }

    @Test("What nft lists after a load of the text or an apply loads and lists the same", arguments: [true, false])
    func reloads(byText: Bool) throws {
        let first = try Namespace("first")
        if byText {
            let text = try first.output(
                Project.program, "render", "-q", "-f", Project.shopCluster, "--node-name", "node-a")
            try first.load(text)
        } else {
            try first.apply(try shop())
        }
        let second = try Namespace("second")
        try second.load(try first.output("nft", "list", "ruleset"))
        let (one, other) = (try Listing(of: first), try Listing(of: second))
        #expect(one.objects == other.objects)
        // nft reloads an anonymous map with a hint more than it was made with, which shows in no instruction.
        #expect(one.rules == other.rules)
    }
}
