// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Glibc
import Synchronization
import Testing

@testable import FerruleNetlink

/// What a kernel may answer while its tables are read.
@Suite("Reading tables")
struct KernelReadingTests {
    private typealias Kind = MemoryNetfilter.Kind
    private static let table = SmallRuleset.name

    /// Counts calls, from several threads.
    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private func expectRuleset(_ state: KernelState) {
        let read = state.ruleset.tables[0]
        #expect(read.foreign == [])
        #expect(Set(read.sets) == Set(SmallRuleset.table().sets))
        #expect(Set(read.chains) == Set(SmallRuleset.table().chains))
    }

    @Test("what a transaction has put there is read back")
    func roundTrip() throws {
        let netfilter = MemoryNetfilter()
        #expect(try netfilter.read().ruleset.tables[0].isAbsent)
        let state = try netfilter.fill().read()
        expectRuleset(state)
        #expect(state.generation == 8 && state.claims.isEmpty)
        let both = try netfilter.kernel.read([Self.table, TableName(.ipv6, "ferrule")]).ruleset.tables
        #expect(both.map(\.isAbsent) == [false, true])
    }

    @Test(
        "answers to other questions, and to others, are passed over", arguments: [Kind.getGeneration, Kind.getElement])
    func strangers(type: UInt32) throws {
        let netfilter = try MemoryNetfilter { asked, _, answers in
            guard asked == type, case .datagram(let answer)? = answers.first else { return answers }
            var (late, foreign) = (answer, answer)
            late[8] ^= 0x40
            foreign[13] ^= 0x40
            let end = Bytes.message(type: 3, sequence: 0x40, port: 1, Bytes.number(Int32(0)))
            return [.datagram(late), .datagram(end), .datagram(foreign)] + answers
        }.fill()
        expectRuleset(try netfilter.read())
    }

    @Test("one commit of somebody else's meanwhile has it read once more")
    func oneCommit() throws {
        let calls = Counter()
        let netfilter = try MemoryNetfilter(beforeAnswer: { netfilter, type in
            if type == Kind.getRule, calls.next() == 1 { netfilter.commit() }
        }).fill()
        let state = try netfilter.read()
        expectRuleset(state)
        #expect(state.generation == 9)
        #expect(netfilter.requests.count { $0 == Kind.getRule } == 2)
    }

    @Test("a neighbour that commits before every answer does not hinder it")
    func busyNeighbour() throws {
        let netfilter = try MemoryNetfilter(beforeAnswer: { netfilter, type in
            if type < 0x100 { netfilter.commit() }
        }).fill()
        expectRuleset(try netfilter.read())
        #expect(netfilter.requests.count { $0 == Kind.getRule } == 2)
        #expect(try netfilter.kernel.standing(among: [Self.table]) == [Self.table])
    }

    @Test("somebody who changes the same table again and again has it given up, at some time")
    func busyRival() throws {
        let netfilter = try MemoryNetfilter(beforeAnswer: { netfilter, type in
            if type == Kind.getRule { netfilter.commit(to: Self.table) }
        }).fill()
        #expect(throws: NetlinkError.changedUnderway) { try netfilter.read() }
        #expect((10...30).contains(netfilter.requests.count { $0 == Kind.getRule }))
    }

    @Test("events that were lost have it read once more")
    func lostEvents() throws {
        let reads = Counter()
        let netfilter = try MemoryNetfilter(beforeAnswer: { netfilter, type in
            guard type == Kind.getRule else { return }
            if reads.next() == 2 { netfilter.tell(.overrun) }
            netfilter.commit()
        }).fill()
        expectRuleset(try netfilter.read())
        #expect(netfilter.requests.count { $0 == Kind.getRule } == 3)
    }

    @Test("chains that an interrupted list passed over, or told twice, are noticed")
    func interruptedList() throws {
        let netfilter = try MemoryNetfilter { type, number, answers in
            guard type == Kind.getChain, number < 3 else { return answers }
            var chains = answers.map(\.marked)
            if number == 0 { chains.removeFirst() } else { chains[1] = chains[0] }
            return chains
        } beforeAnswer: { netfilter, type in
            if type == Kind.getRule { netfilter.commit() }
        }.fill()
        expectRuleset(try netfilter.read())
        #expect(netfilter.requests.count { $0 == Kind.getChain } >= 4)
    }

    @Test("a list that says it was interrupted is right, the second time, if the table has so many objects")
    func harmlessInterruption() throws {
        let netfilter = try MemoryNetfilter { type, _, answers in
            type == Kind.getChain ? answers.map(\.marked) : answers
        }.fill()
        expectRuleset(try netfilter.read())
        #expect(netfilter.requests.count { $0 == Kind.getChain } == 2)
    }

    @Test("a part of a list that was lost has it read once more")
    func overrun() throws {
        let netfilter = try MemoryNetfilter { type, number, answers in
            type == Kind.getElement && number == 1 ? [answers[0], .overrun] + answers[1...] : answers
        }.fill()
        expectRuleset(try netfilter.read())
        let never = try MemoryNetfilter { type, _, answers in type == Kind.getSet ? [.overrun] + answers : answers }
            .fill()
        #expect(throws: NetlinkError.self) { try never.read() }
    }

    @Test(
        "an answer that was cut short, or that does not come, is an error", arguments: [Kind.getChain, Kind.getElement])
    func truncation(type: UInt32) throws {
        let cut = try MemoryNetfilter { asked, _, answers in
            guard asked == type, case .datagram(let answer)? = answers.first else { return answers }
            return [.datagram(answer.dropLast(4))] + answers.dropFirst()
        }.fill()
        #expect(throws: NetlinkError.repliesLost("one was cut short")) { try cut.read() }
        let silent = try MemoryNetfilter { asked, _, answers in asked == type ? answers.dropLast() : answers }.fill()
        #expect(throws: NetlinkError.repliesLost("none came in time")) { try silent.read() }
    }

    @Test(
        "an error instead of an answer is thrown, for every question",
        arguments: [
            Kind.getGeneration, Kind.getTable, Kind.getChain, Kind.getSet, Kind.getElement, Kind.getRule,
            Kind.getObject,
            Kind.getFlowTable,
        ],
        [
            (EIO, NetlinkError.systemCall("", ErrorNumber(EIO))), (EINVAL, .unsupported([])), (EPERM, .notPermitted),
        ] as [(Int32, NetlinkError)])
    func errors(type: UInt32, error: (number: Int32, thrown: NetlinkError)) throws {
        let netfilter = try MemoryNetfilter { asked, _, answers in
            guard asked == type, case .datagram(let answer)? = answers.first else { return answers }
            let message = NetlinkMessage(startOf: answer[...])
            return [
                .datagram(
                    MemoryNetfilter.error(error.number, about: message?.sequence ?? 0, port: message?.portID ?? 0))
            ]
        }.fill()
        let thrown = #expect(throws: NetlinkError.self) { try netfilter.read() }
        switch (thrown, error.thrown) {
        case (.systemCall(_, let found), .systemCall(_, let wanted)): #expect(found == wanted)
        case (.unsupported(let refusals), .unsupported): #expect(refusals.map(\.missing?.name) == ["nf_tables"])
        default: #expect(thrown == error.thrown)
        }
    }

    @Test("an answer without the number of the ruleset is an error: 0 would mean any")
    func generation() throws {
        let answers = [
            [], Bytes.attribute(1, Bytes.networkNumber(UInt32(0))), Bytes.attribute(2, Bytes.networkNumber(UInt32(5))),
        ]
        for attributes in answers {
            let netfilter = MemoryNetfilter { _, _, answers in
                guard case .datagram(let answer)? = answers.first else { return answers }
                let message = NetlinkMessage(startOf: answer[...])
                return [
                    .datagram(
                        Bytes.message(
                            type: 0x0a0f, sequence: message?.sequence ?? 0, port: message?.portID ?? 0,
                            Bytes.familyHeader() + attributes))
                ]
            }
            #expect(throws: NetlinkError.self) { try netfilter.kernel.generation() }
        }
    }

    @Test("a socket waits for an answer as long as it is told")
    func timeLimit() throws {
        let socket = try NetlinkSocket(timeLimit: .milliseconds(50))
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(throws: NetlinkError.self) { try socket.receive(wait: true) }
        }
        #expect(time >= .milliseconds(50))
        #expect(try socket.receive(wait: false) == .nothing)
    }
}

extension NetlinkReceived {
    /// With the flag `NLM_F_DUMP_INTR`.
    fileprivate var marked: NetlinkReceived {
        guard case .datagram(var bytes) = self else { return self }
        bytes[6] |= 0x10
        return .datagram(bytes)
    }
}
