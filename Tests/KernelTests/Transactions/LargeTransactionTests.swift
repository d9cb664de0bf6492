// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

@Suite("Large transactions", .needsNamespaces, .serialized)
struct LargeTransactionTests {
    @Test("More than 100,000 elements go in one batch, and again in the place of the first")
    func manyElements() throws {
        let ruleset = try SyntheticRuleset.services(10_000, endpoints: 10, families: [.ipv4])
        let transaction = Transaction.replacing(with: ruleset)
        #expect(transaction.elementCount > 130_000)
        let namespace = try Namespace()
        for _ in 0..<2 {
            try namespace.apply(transaction)
            #expect(try namespace.read().tables.flatMap(\.sets).reduce(0) { $0 + $1.elements.count } > 130_000)
        }
        try namespace.apply(.deleting([TableName.ferrule(.ipv4)]))
        #expect(try namespace.read().tables.allSatisfy(\.isAbsent))
    }

    @Test("An error among 100,000 elements is told by its element")
    func errorAmongMany() throws {
        let table = TableName(.ipv4, "ferrule")
        let elements = (0..<100_000).map { number -> Element in
            let verdict = number == 98_765 ? Verdict.goto(ChainName("nowhere")) : .drop
            return Element(.address(IPAddress(ipv4: UInt32(number))), .verdict(verdict))
        }
        let map = SetDefinition(named: SetName("m"), key: [.address], value: .verdict, elements: elements)
        let error = try #require(throws: NetlinkError.self) {
            try Namespace().apply(Transaction([.addTable(table), .addSet(table, map), .addElements(table, map)]))
        }
        guard case .refused(let refusals) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(refusals.map(\.step) == ["add element ip ferrule m { 0.1.129.205 : goto nowhere }"])
    }

    @Test("A service of 5,001 endpoints, whose anonymous map is longer than a message's list may be")
    func largeService() throws {
        let ruleset = try SyntheticRuleset.services(1, endpoints: 5001, hasNodePorts: false, families: [.ipv4])
        let namespace = try Namespace()
        try namespace.apply(ruleset)
        let chain = try namespace.output("nft", "list", "chain", "ip", "ferrule", "lb-5001")
        #expect(chain.contains("numgen random mod 5001 vmap { 0 : goto part-0-126, "))
        #expect(chain.ranges(of: " : goto part-").count == 5001)
        #expect(chain.contains("5000 : goto part-39-125 }"))
        let counts = try namespace.read().objectCounts
        #expect((40 + 126...200).contains(counts["chains"] ?? 0))
    }

    @Test("A comment of 128 bytes on each of many elements does not overflow a message")
    func longComments() throws {
        let table = TableName(.ipv6, "ferrule")
        let comment = String(repeating: "long-name-", count: 13)
        let elements = (0..<5000).map { number in
            Element(
                .service(IPAddress(.ipv6, bits: UInt128(number) << 64), .sctp, port(65535)),
                .verdict(.goto(ChainName(String(repeating: "c", count: 127)))), comment: comment)
        }
        let map = SetDefinition(
            named: SetName("services"), key: [.address, .transportProtocol, .port], value: .verdict, elements: elements)
        let chain = Chain(named: ChainName(String(repeating: "c", count: 127)), rules: [])
        let namespace = try Namespace()
        try namespace.apply(
            Transaction([
                .addTable(table), .addSet(table, map), .addChain(table, chain), .addElements(table, map),
            ]))
        #expect(try namespace.output("nft", "list", "ruleset").ranges(of: String(comment.prefix(128))).count == 5000)
    }

    @Test("Everything is read while somebody replaces the tables")
    func readingDuringChanges() async throws {
        let ruleset = try SyntheticRuleset.services(50, endpoints: 50, hasNodePorts: false)
        let namespace = try Namespace()
        try namespace.apply(ruleset)
        let replacing = Task.detached {
            for _ in 0..<30 { try namespace.apply(ruleset) }
        }
        for _ in 0..<30 { #expect(try namespace.holds(ruleset)) }
        try await replacing.value
    }
}
