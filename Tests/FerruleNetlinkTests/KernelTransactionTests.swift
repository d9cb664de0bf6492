// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Glibc
import Testing

@testable import FerruleNetlink

/// What a kernel may answer to a transaction, and what it is bound to.
@Suite("Transactions to a kernel in memory")
struct KernelTransactionTests {
    private static let table = SmallRuleset.name
    /// The type by which questions to ``MemoryNetfilter`` are counted that are none of nf_tables' own: batches.
    private static let batch = UInt32.max

    /// A netfilter that has the ruleset, and that answers transactions otherwise from then on.
    private func netfilter(
        _ fault: @escaping @Sendable (_ answers: [NetlinkReceived]) -> [NetlinkReceived]
    ) throws -> MemoryNetfilter {
        try MemoryNetfilter { type, number, answers in
            type == Self.batch && number > 0 ? fault(answers) : answers
        }.fill()
    }

    private func services(_ netfilter: MemoryNetfilter) throws -> Int? {
        try netfilter.read().ruleset.tables[0].sets.first { $0.name == SetName("services") }?.elements.count
    }

    @Test("an acknowledgement that never comes leaves open what stands")
    func lostAcknowledgement() throws {
        let netfilter = try netfilter { _ in [] }
        let thrown = #expect(throws: NetlinkError.self) { try netfilter.kernel.apply(SmallRuleset.addition) }
        guard case .outcomeUnknown? = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
        #expect(try services(netfilter) == 8)
    }

    @Test("an acknowledgement of another message, or for somebody else, is none")
    func foreignAcknowledgement() throws {
        for offset in [12, 28] {
            let netfilter = try netfilter { answers in
                answers.map { answer in
                    guard case .datagram(var bytes) = answer else { return answer }
                    bytes[offset] ^= 0x40
                    return .datagram(bytes)
                }
            }
            #expect(throws: NetlinkError.outcomeUnknown("the kernel did not acknowledge the last message")) {
                try netfilter.kernel.apply(SmallRuleset.addition)
            }
        }
    }

    @Test("answers that were lost or cut short leave open what stands", arguments: [0, 1])
    func lostAnswers(kind: Int) throws {
        let netfilter = try netfilter { answers in
            guard kind == 1, case .datagram(let bytes)? = answers.first else { return [.overrun] + answers }
            return [.datagram(bytes.dropLast(1))]
        }
        let thrown = #expect(throws: NetlinkError.self) { try netfilter.kernel.apply(SmallRuleset.addition) }
        guard case .outcomeUnknown? = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
    }

    @Test("a check changes nothing, so nothing is open")
    func lostAnswersToCheck() throws {
        let netfilter = try netfilter { [.overrun] + $0 }
        let thrown = #expect(throws: NetlinkError.self) { try netfilter.kernel.apply(SmallRuleset.addition, .check) }
        guard case .repliesLost? = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
        #expect(try services(netfilter) == 3)
    }

    @Test("a refused batch names the step and the element at fault")
    func refusal() throws {
        let netfilter = try netfilter { answers in
            guard case .datagram(let bytes)? = answers.first, let message = NetlinkMessage(startOf: bytes[...]) else {
                return answers
            }
            // NLMSGERR_ATTR_OFFS, at the second element: behind the headers, two attributes and the first element.
            let offset = Bytes.attribute(2, Bytes.number(UInt32(20 + 12 + 16 + 4 + 150)))
            return [
                .datagram(MemoryNetfilter.error(ENOSPC, about: message.sequence, port: message.portID, more: offset))
            ]
        }
        let thrown = #expect(throws: NetlinkError.self) { try netfilter.kernel.apply(SmallRuleset.addition) }
        guard case .refused(let refusals)? = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
        #expect(refusals.map(\.error.number) == [ENOSPC])
        #expect(refusals[0].step.hasPrefix("add element ip ferrule services { 10.96.0.1 . tcp . 8"), "\(refusals)")
    }

    @Test("a transaction for another ruleset is refused, one for any is not")
    func generation() throws {
        let netfilter = try MemoryNetfilter().fill()
        let generation = try netfilter.read().generation
        netfilter.commit()
        #expect(throws: NetlinkError.changedUnderway) {
            try netfilter.kernel.apply(SmallRuleset.addition, bound: Binding(generation: generation))
        }
        #expect(try services(netfilter) == 3)
        try netfilter.kernel.apply(SmallRuleset.addition)
        #expect(try services(netfilter) == 8)
    }

    @Test("of two that were made from the same state the second is refused, whoever claims first")
    func claims() throws {
        let netfilter = try MemoryNetfilter().fill()
        let kernel = netfilter.kernel
        // One claims and reads, then the other, which sees both claims.
        let first = try #require(try kernel.claim([Self.table], orNew: nil))
        let ofFirst = try netfilter.read()
        let second = try #require(try kernel.claim([Self.table], orNew: nil))
        let ofSecond = try netfilter.read()
        #expect(ofFirst.claims.count == 1 && ofSecond.claims.count == 2)
        #expect(ofSecond.claims.contains(where: first.isSame) && ofSecond.claims.contains(where: second.isSame))
        #expect(ofSecond.ruleset.tables == ofFirst.ruleset.tables)
        // Commits to other tables do not matter.
        netfilter.commit()
        try kernel.apply(SmallRuleset.addition, bound: Binding(claims: ofFirst.claims))
        #expect(throws: NetlinkError.changedUnderway) {
            try kernel.apply(SmallRuleset.addition, bound: Binding(claims: ofSecond.claims))
        }
        #expect(try services(netfilter) == 8)
        // The second begins anew, by its claim that still stands.
        let again = try netfilter.read()
        #expect(again.claims.count == 1)
        try kernel.apply(SmallRuleset.addition, bound: Binding(claims: again.claims))
        #expect(try netfilter.read().claims.isEmpty)
    }

    @Test("the other way round too: who commits first removes all claims that it has seen")
    func claimsOfOthers() throws {
        let netfilter = try MemoryNetfilter().fill()
        let kernel = netfilter.kernel
        _ = try kernel.claim([Self.table], orNew: nil)
        let ofFirst = try netfilter.read()
        _ = try kernel.claim([Self.table], orNew: nil)
        let ofSecond = try netfilter.read()
        try kernel.apply(SmallRuleset.addition, bound: Binding(claims: ofSecond.claims))
        #expect(throws: NetlinkError.changedUnderway) {
            try kernel.apply(SmallRuleset.addition, bound: Binding(claims: ofFirst.claims))
        }
    }

    @Test("whoever replaces or deletes the tables has a claimed transaction refused", arguments: [true, false])
    func replaced(isDeleted: Bool) throws {
        let netfilter = try MemoryNetfilter().fill()
        _ = try netfilter.kernel.claim([Self.table], orNew: nil)
        let state = try netfilter.read()
        try netfilter.kernel.apply(
            isDeleted ? .deleting([Self.table]) : .replacing(with: state.ruleset, provenance: nil))
        #expect(throws: NetlinkError.changedUnderway) {
            try netfilter.kernel.apply(.replacing(with: state.ruleset), bound: Binding(claims: state.claims))
        }
    }

    @Test("where no table stands one is made for the claim, and goes with it")
    func claimOfNothing() throws {
        let netfilter = MemoryNetfilter()
        let kernel = netfilter.kernel
        #expect(try kernel.claim([Self.table], orNew: nil) == nil)
        let claim = try #require(try kernel.claim([TableName(.ipv6, "ferrule"), Self.table], orNew: Self.table))
        let state = try netfilter.read()
        #expect(state.ruleset.tables[0].isAbsent && state.claims.contains(where: claim.isSame))
        #expect(try kernel.standing(among: [Self.table]) == [Self.table])
        try kernel.release(claim)
        #expect(try kernel.standing(among: [Self.table]).isEmpty)
        // What is gone need not be released.
        try kernel.release(claim)
    }

    @Test("each transaction of a series can leave a claim for the next")
    func series() throws {
        let netfilter = try MemoryNetfilter().fill()
        let claim = Claim(in: Self.table)
        let generation = try netfilter.read().generation
        try netfilter.kernel.apply(SmallRuleset.addition, bound: Binding(generation: generation), leaving: claim)
        #expect(try netfilter.read().claims.contains(where: claim.isSame))
        try netfilter.kernel.apply(SmallRuleset.addition, bound: Binding(claims: [claim]))
        #expect(throws: NetlinkError.changedUnderway) {
            try netfilter.kernel.apply(SmallRuleset.addition, bound: Binding(claims: [claim]))
        }
    }

    @Test("chains and sets that somebody else has made meanwhile are not taken over")
    func exclusive() throws {
        let netfilter = try MemoryNetfilter().fill()
        let table = SmallRuleset.table()
        for operation in [Operation.addChain(Self.table, table.chains[1]), .addSet(Self.table, table.sets[0])] {
            let thrown = #expect(throws: NetlinkError.self) { try netfilter.kernel.apply(Transaction([operation])) }
            #expect(thrown?.meansChangedUnderway == true)
        }
    }

    @Test("names of other chains are no claims")
    func names() {
        let claim = Claim(in: Self.table)
        #expect(Claim(claim.chain.description, in: Self.table)?.isSame(as: claim) == true)
        for name in [
            "claim-", "claim-0123456789abcde", "claim-0123456789abcdeF", "claim-0123456789abcdef0",
            "x-0123456789abcdef",
        ] {
            #expect(Claim(name, in: Self.table) == nil)
        }
    }
}
