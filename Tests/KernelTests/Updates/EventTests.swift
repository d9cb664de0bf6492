// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Glibc
import NetworkLab
import Testing

/// What the kernel tells of commits, of `nft` and of Ferrule.
@Suite("Events of a kernel", .needsNamespaces)
struct EventTests {
    private static let table = TableName(.ipv4, "ferrule")

    private func events(_ namespace: Namespace) throws -> RulesetEvents {
        try namespace.perform { () throws(NetlinkError) in try RulesetEvents(of: [Self.table]) }
    }

    /// Whether there is something to hear, within half a second.
    private func isReady(_ events: borrowing RulesetEvents) -> Bool {
        var request = pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&request, 1, 500) == 1 && request.revents == Int16(POLLIN)
    }

    private func commits(_ events: inout RulesetEvents) throws -> [RulesetCommit] {
        let isReady = isReady(events)
        #expect(isReady)
        return try events.next().compactMap { if case .commit(let commit) = $0 { commit } else { nil } }
    }

    @Test(
        "Each kind of change to the table is told, with who made it",
        arguments: [
            ("add table ip ferrule { flags dormant; }", ["added table ip ferrule"]),
            ("add chain ip ferrule mine", ["added chain ip ferrule mine"]),
            ("add rule ip ferrule lb-1 counter drop", ["added rule in chain ip ferrule lb-1"]),
            ("insert rule ip ferrule lb-1 accept", ["added rule in chain ip ferrule lb-1"]),
            ("flush chain ip ferrule lb-1", ["removed rule in chain ip ferrule lb-1"]),
            (
                "add set ip ferrule mine { type ipv4_addr; elements = { 10.0.0.1 }; }",
                ["added set ip ferrule mine", "added element of set ip ferrule mine"]
            ),
            (
                "add element ip ferrule members { 10.0.0.2, 10.0.0.3 }",
                ["added element of set ip ferrule members", "added element of set ip ferrule members"]
            ),
            ("delete element ip ferrule members { 10.0.0.1 }", ["removed element of set ip ferrule members"]),
            ("flush set ip ferrule members", ["removed element of set ip ferrule members"]),
            ("delete set ip ferrule idle", ["removed set ip ferrule idle"]),
            ("delete chain ip ferrule idle", ["removed chain ip ferrule idle"]),
            ("add counter ip ferrule mine", ["added object ip ferrule mine"]),
        ])
    func nft(command: String, changes: [String]) throws {
        let namespace = try Namespace("events")
        try namespace.load(
            """
            table ip ferrule {
                set members { type ipv4_addr; elements = { 10.0.0.1 }; }
                set idle { type ipv4_addr; }
                chain lb-1 { counter accept; }
                chain idle { ; }
            }
            """)
        var events = try events(namespace)
        let before = try namespace.perform { () throws(NetlinkError) in try Kernel().generation() }
        try namespace.load(command)
        let commits = try commits(&events)
        try #require(commits.count == 1)
        #expect(commits[0].changes.map(\.description) == changes)
        #expect(commits[0].processName == "nft" && commits[0].process > 1 && commits[0].portID != 0)
        #expect(commits[0].generation == before + 1)
    }

    @Test("A ruleset that is flushed takes the table with it, which is told")
    func flush() throws {
        let namespace = try Namespace("events")
        _ = try namespace.output(Project.program, "apply", "-q", "-f", Project.shopCluster, "--node-name", "node-a")
        var events = try events(namespace)
        try namespace.load("flush ruleset")
        let changes = try commits(&events).flatMap(\.changes)
        #expect(changes.allSatisfy { $0.action == .removed && $0.table == Self.table })
        #expect(changes.count(where: { $0.object == .table }) == 1)
        // The elements of a set go with it.
        #expect(changes.contains { $0.object == .set(SetName("services")) })
        #expect(changes.contains { $0.object == .chain(ChainName("lb-2")) })
    }

    @Test("A removal that need not find anything is told as one too")
    func destruction() throws {
        let namespace = try Namespace("events")
        let nft = try #require(OldNFT.programs["1.1.3"], OldNFT.reason)
        try namespace.load(
            "add table ip ferrule\nadd chain ip ferrule mine\nadd set ip ferrule mine { type ipv4_addr; }")
        var events = try events(namespace)
        for (command, change) in [
            ("destroy chain ip ferrule mine", "removed chain ip ferrule mine"),
            ("destroy set ip ferrule mine", "removed set ip ferrule mine"),
            ("destroy table ip ferrule", "removed table ip ferrule"),
        ] {
            _ = try namespace.output([nft, "-f", "-"], input: command)
            #expect(try commits(&events).flatMap(\.changes).map(\.description) == [change])
        }
    }

    @Test("Commits to other tables are told without changes, one's own by the port of the socket")
    func others() throws {
        let namespace = try Namespace("events")
        var events = try events(namespace)
        #expect(try events.next().isEmpty)
        try namespace.load(
            "add table ip other\nadd chain ip other a\nadd table ip6 ferrule\nadd chain ip6 ferrule a\nadd table inet ferrule"
        )
        let others = try commits(&events)
        #expect(others.map(\.changes) == [[]])
        let socket = try namespace.perform { () throws(NetlinkError) in try NetlinkSocket() }
        let ruleset = try TestCluster(PartTests.manifests).ruleset()
        for _ in 0..<2 {
            try Kernel { _ in socket }.apply(.replacing(with: ruleset))
            let own = try commits(&events)
            #expect(own.count == 1 && own[0].changes.count > 50)
            #expect(own[0].portID == socket.portID && others[0].portID != socket.portID)
            #expect(own[0].processName != "nft")
        }
        // Another namespace's commits are not heard.
        try Namespace("elsewhere").load("add table ip ferrule")
        #expect(try events.next().isEmpty)
    }

    @Test("What does not fit into the buffer is told as lost, and later commits are told again")
    func lost() throws {
        let namespace = try Namespace("events")
        var events = try events(namespace)
        let addresses = (0..<60_000).map { "10.\($0 / 65_536).\($0 / 256 % 256).\($0 % 256)" }.joined(separator: ", ")
        try namespace.load("add table ip ferrule\nadd set ip ferrule many { type ipv4_addr; }")
        for _ in 0..<12 {
            try namespace.load("add element ip ferrule many { \(addresses) }\nflush set ip ferrule many")
        }
        let told = try events.next()
        #expect(told.contains(.lost))
        try namespace.load("delete table ip ferrule")
        let after = try commits(&events).last?.changes.map(\.description)
        #expect(after?.last == "removed table ip ferrule")
    }
}
