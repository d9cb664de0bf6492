// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

@testable import FerruleNetlink

@Suite("Events of commits")
struct RulesetEventsTests {
    private typealias Kind = MemoryNetfilter.Kind
    private static let table = SmallRuleset.name

    private func events(_ netfilter: MemoryNetfilter) throws -> RulesetEvents {
        try RulesetEvents(of: [Self.table], netfilter.kernel.connect)
    }

    private func message(_ type: UInt32, _ names: [UInt16: String], _ family: IPFamily = .ipv4) -> [UInt8] {
        let attributes = names.sorted { $0.key < $1.key }.flatMap { Bytes.attribute($0.key, Bytes.text($0.value)) }
        return MemoryNetfilter.message(type, family, attributes, port: 9)
    }

    private func end(_ generation: UInt32) -> [UInt8] {
        Bytes.message(
            type: 0x0a0f, port: 9,
            Bytes.familyHeader(0) + Bytes.attribute(1, Bytes.networkNumber(generation))
                + Bytes.attribute(2, Bytes.networkNumber(UInt32(321))) + Bytes.attribute(3, Bytes.text("nft")))
    }

    @Test("a transaction is told as what it did, in order, and who did it")
    func transaction() throws {
        let netfilter = MemoryNetfilter()
        var events = try events(netfilter)
        #expect(try events.next().isEmpty)
        _ = try netfilter.fill()
        let told = try events.next()
        guard told.count == 1, case .commit(let commit) = told[0] else {
            Issue.record("\(told)")
            return
        }
        #expect(
            commit.generation == 8 && commit.process == 4242 && commit.processName == "memory" && commit.portID > 1000)
        let changes = commit.changes
        #expect(
            changes.prefix(3).map(\.description) == [
                "added table ip ferrule", "removed table ip ferrule", "added table ip ferrule",
            ])
        #expect(changes.contains(RulesetChange(.added, .set(SetName("services")), in: Self.table)))
        #expect(changes.contains(RulesetChange(.added, .element(of: SetName("ranges")), in: Self.table)))
        #expect(changes.contains(RulesetChange(.added, .chain(ChainName("slot-1")), in: Self.table)))
        #expect(changes.contains(RulesetChange(.added, .rule(in: ChainName("nat-prerouting")), in: Self.table)))
        #expect(try events.next().isEmpty)
    }

    @Test("commits to other tables are told without changes, also to one of the same name in another family")
    func others() throws {
        let netfilter = MemoryNetfilter()
        var events = try events(netfilter)
        netfilter.commit()
        netfilter.commit(to: TableName(.ipv6, "ferrule"))
        netfilter.tell(.datagram(message(Kind.newChain, [1: "ferrule", 3: "input"]).replacing(16, with: 1) + end(77)))
        let told = try events.next()
        #expect(told.count == 3)
        for case .commit(let commit) in told { #expect(commit.changes.isEmpty) }
    }

    @Test("a commit that comes in pieces is told when it is whole")
    func pieces() throws {
        let netfilter = MemoryNetfilter()
        var events = try events(netfilter)
        netfilter.tell(.datagram(message(Kind.deleteRule, [1: "ferrule", 2: "lb-2"])))
        #expect(try events.next().isEmpty)
        netfilter.tell(.datagram(message(Kind.deleteChain, [1: "ferrule", 3: "lb-2"])))
        netfilter.tell(.datagram(end(UInt32.max) + message(Kind.deleteSet, [1: "ferrule", 2: "old"])))
        let commit = RulesetCommit(
            generation: .max, portID: 9, process: 321, processName: "nft",
            changes: [
                RulesetChange(.removed, .rule(in: ChainName("lb-2")), in: Self.table),
                RulesetChange(.removed, .chain(ChainName("lb-2")), in: Self.table),
            ])
        #expect(try events.next() == [.commit(commit)])
        netfilter.tell(.datagram(end(1)))
        guard case .commit(let next)? = try events.next().first else {
            Issue.record("the second commit is missing")
            return
        }
        #expect(next.changes.map(\.description) == ["removed set ip ferrule old"])
    }

    @Test("after a loss nothing is told of the commit that it may have cut")
    func lost() throws {
        let netfilter = MemoryNetfilter()
        var events = try events(netfilter)
        netfilter.tell(.datagram(message(Kind.newTable, [1: "ferrule"])))
        netfilter.tell(.overrun)
        netfilter.tell(.datagram(end(9)))
        let told = try events.next()
        #expect(told.count == 2 && told[0] == .lost)
        guard case .commit(let commit)? = told.last else {
            Issue.record("\(told)")
            return
        }
        #expect(commit.changes.isEmpty)
        netfilter.tell(.datagram(end(10).dropLast(8)))
        #expect(throws: NetlinkError.self) { try events.next() }
    }

    @Test("whether the tables are untouched is known by the commit with the number that the kernel has told")
    func untouched() throws {
        let netfilter = MemoryNetfilter()
        var events = try events(netfilter)
        // Numbers count on from the largest to the smallest, without 0.
        for generation in [UInt32.max - 1, .max, 1, 2] { netfilter.tell(.datagram(end(generation))) }
        let isUntouched = try events.areUntouched(through: 1)
        #expect(isUntouched)
        netfilter.tell(.datagram(message(Kind.newChain, [1: "ferrule", 3: "mine"]) + end(3)))
        let isStillUntouched = try events.areUntouched(through: 3)
        #expect(!isStillUntouched)
        netfilter.tell(.overrun)
        netfilter.tell(.datagram(end(4)))
        let isKnown = try events.areUntouched(through: 4)
        #expect(!isKnown)
        #expect(throws: NetlinkError.self) { try RulesetEvents(of: [], netfilter.kernel.connect).untouched(5) }
    }

    @Test(
        "each type of message tells of its kind of object, destructions of newer kernels too",
        arguments: [
            (0, 2, 26, [:], .table), (3, 5, 27, [3: "c"], .chain(ChainName("c"))),
            (6, 8, 28, [2: "c"], .rule(in: ChainName("c"))),
            (9, 11, 29, [2: "s"], .set(SetName("s"))), (12, 14, 30, [2: "s"], .element(of: SetName("s"))),
            (18, 20, 31, [2: "o"], .other("o")), (22, 24, 32, [2: "f"], .other("f")),
        ] as [(UInt32, UInt32, UInt32, [UInt16: String], RulesetChange.Object)])
    func types(new: UInt32, removed: UInt32, destroyed: UInt32, names: [UInt16: String], object: RulesetChange.Object)
        throws
    {
        for (type, action) in [(new, RulesetChange.Action.added), (removed, .removed), (destroyed, .removed)] {
            let message = try #require(
                NetlinkMessage(startOf: message(type, names.merging([1: "t"]) { $1 }, .ipv6)[...]))
            #expect(RulesetChange(message) == RulesetChange(action, object, in: TableName(.ipv6, "t")))
        }
        for type: UInt32 in [1, 4, 15, 16, 17, 25, 33] {
            let message = try #require(NetlinkMessage(startOf: message(type, [1: "t"])[...]))
            #expect(RulesetChange(message) == nil)
        }
        // The same type of another subsystem.
        let other = Bytes.message(type: 0x0100, Bytes.familyHeader() + Bytes.attribute(1, Bytes.text("t")))
        #expect(NetlinkMessage(startOf: other[...]).flatMap(RulesetChange.init) == nil)
    }
}

extension RulesetEvents {
    fileprivate consuming func untouched(_ generation: UInt32) throws(NetlinkError) -> Bool {
        try areUntouched(through: generation)
    }
}

extension [UInt8] {
    fileprivate func replacing(_ index: Int, with byte: UInt8) -> [UInt8] {
        var bytes = self
        bytes[index] = byte
        return bytes
    }
}
