// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Glibc
import Synchronization

@testable import FerruleNetlink

/// The nf_tables of a namespace in memory, behind netlink messages: what batches put there is listed as the kernel lists it. It
/// knows as much of nf_tables as rulesets of Ferrule's take.
final class MemoryNetfilter: Sendable {
    private struct State {
        var tables = MemoryTables()
        var listeners: [Listener] = []
        var requests: [UInt32] = []

        /// Sends an event to who listens.
        func tell(_ received: NetlinkReceived) {
            for listener in listeners { listener.transport?.arrive([received]) }
        }
    }

    private struct Listener: Sendable {
        weak var transport: MemoryTransport?
    }

    private let state = Mutex(State())
    private let beforeAnswer: @Sendable (_ netfilter: MemoryNetfilter, _ type: UInt32) -> Void
    private let fault: @Sendable (_ type: UInt32, _ number: Int, _ answers: [NetlinkReceived]) -> [NetlinkReceived]

    /// - Parameters:
    ///   - fault: makes other answers of those to the question with a number among all of its type, from 0.
    ///   - beforeAnswer: called ahead of each answer, with the type of the question; what it commits is in the answer.
    init(
        fault: @escaping @Sendable (_ type: UInt32, _ number: Int, _ answers: [NetlinkReceived]) -> [NetlinkReceived] =
            {
                $2
            },
        beforeAnswer: @escaping @Sendable (_ netfilter: MemoryNetfilter, _ type: UInt32) -> Void = { _, _ in }
    ) {
        (self.beforeAnswer, self.fault) = (beforeAnswer, fault)
    }

    /// Reads and changes what is here.
    var kernel: Kernel {
        Kernel { [self] purpose in
            let transport = MemoryTransport(self)
            if case .events = purpose { state.withLock { $0.listeners.append(Listener(transport: transport)) } }
            return transport
        }
    }

    /// The types of all questions so far (`nf_tables_msg_types`).
    var requests: [UInt32] { state.withLock { $0.requests } }

    /// The types of messages that are used here.
    enum Kind {
        static let newTable: UInt32 = 0, getTable: UInt32 = 1, deleteTable: UInt32 = 2
        static let newChain: UInt32 = 3, getChain: UInt32 = 4, deleteChain: UInt32 = 5
        static let newRule: UInt32 = 6, getRule: UInt32 = 7, deleteRule: UInt32 = 8
        static let newSet: UInt32 = 9, getSet: UInt32 = 10, deleteSet: UInt32 = 11
        static let newElement: UInt32 = 12, getElement: UInt32 = 13, deleteElement: UInt32 = 14
        static let newGeneration: UInt32 = 15, getGeneration: UInt32 = 16
        static let getObject: UInt32 = 19, getFlowTable: UInt32 = 23
    }

    /// A commit to a table of somebody else's, or to nothing.
    func commit(to table: TableName = TableName(.ipv4, "neighbour"), chain: String = "busy") {
        state.withLock { state in
            state.tables.pass()
            let change = Self.message(Kind.newChain, table.family, Self.named(table, chain), port: 77)
            state.tell(.datagram(change + state.tables.generationMessage(sequence: 0, port: 77)))
        }
    }

    /// Who listens receives something.
    func tell(_ received: NetlinkReceived) { state.withLock { $0.tell(received) } }

    // MARK: - Questions

    /// The answers to what is sent to the kernel in one datagram.
    func answer(_ bytes: [UInt8], port: UInt32) throws(NetlinkError) -> [NetlinkReceived] {
        let messages = try NetlinkMessage.split(bytes)
        guard let first = messages.first else { return [] }
        let type = first.nfTablesType ?? UInt32.max
        beforeAnswer(self, type)
        return state.withLock { state in
            let number = state.requests.count { $0 == type }
            state.requests.append(type)
            let answers: [[UInt8]]
            if first.nfTablesType == nil {
                let commit = state.tables.commit(messages, port: port)
                if let event = commit.event { state.tell(.datagram(event)) }
                answers = commit.answers
            } else {
                answers = state.tables.list(type, first, port: port)
            }
            return fault(type, number, answers.map { .datagram($0) })
        }
    }

    static func message(
        _ type: UInt32, _ family: IPFamily, _ attributes: [UInt8], flags: UInt16 = 0, sequence: UInt32 = 0, port: UInt32
    ) -> [UInt8] {
        Bytes.message(
            type: 0x0a00 | UInt16(type), flags: flags, sequence: sequence, port: port,
            Bytes.familyHeader(UInt8(family.netfilterNumber)) + attributes)
    }

    /// The attributes of a chain: its table and its name.
    private static func named(_ table: TableName, _ name: String) -> [UInt8] {
        Bytes.attribute(1, Bytes.text(table.name)) + Bytes.attribute(3, Bytes.text(name))
    }

    /// `NLMSG_ERROR` about a message.
    static func error(_ number: Int32, about sequence: UInt32, port: UInt32, more: [UInt8] = []) -> [UInt8] {
        let header = Bytes.number(UInt32(16)) + Bytes.number(UInt16(0)) + Bytes.number(UInt16(0))
        return Bytes.message(
            type: 2, sequence: sequence, port: port,
            Bytes.number(-number) + header + Bytes.number(sequence) + Bytes.number(UInt32(0)) + more)
    }
}
