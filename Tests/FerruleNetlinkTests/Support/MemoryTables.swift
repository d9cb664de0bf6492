// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Glibc

@testable import FerruleNetlink

/// The tables of a ``MemoryNetfilter``.
struct MemoryTables {
    /// An object by its name and by the attributes that it was made with.
    fileprivate struct Object {
        let name: String
        let attributes: [UInt8]
    }

    fileprivate struct Table {
        let name: TableName
        var chains: [Object] = []
        var sets: [Object] = []
        /// By the name of the chain.
        var rules: [Object] = []
        /// By the name of the set.
        var elements: [Object] = []
    }

    private(set) var generation: UInt32 = 7
    private var tables: [Table] = []
    /// Numbers of anonymous maps, of two digits so that a name keeps its length.
    private var anonymousNumber = 9

    /// Somebody commits something that is not here.
    mutating func pass() { generation += 1 }

    func generationMessage(sequence: UInt32, port: UInt32) -> [UInt8] {
        Bytes.message(
            type: 0x0a00 | UInt16(MemoryNetfilter.Kind.newGeneration), sequence: sequence, port: port,
            Bytes.familyHeader(0) + Bytes.attribute(1, Bytes.networkNumber(generation))
                + Bytes.attribute(2, Bytes.networkNumber(UInt32(4242))) + Bytes.attribute(3, Bytes.text("memory")))
    }

    /// What the kernel answers a question with: a list is a datagram for each object, then its end.
    func list(_ type: UInt32, _ message: NetlinkMessage, port: UInt32) -> [[UInt8]] {
        typealias Kind = MemoryNetfilter.Kind
        let sequence = message.sequence
        if type == Kind.getGeneration { return [generationMessage(sequence: sequence, port: port)] }
        let name = TableName(message.family ?? .ipv4, message.text(1) ?? "")
        let table = tables.first { $0.name == name }
        func answers(_ type: UInt32, _ objects: [Object]) -> [[UInt8]] {
            let listed = objects.map {
                MemoryNetfilter.message(
                    type, name.family, $0.attributes, flags: 2, sequence: sequence, port: port)
            }
            return listed + [Bytes.message(type: 3, flags: 2, sequence: sequence, port: port, Bytes.number(Int32(0)))]
        }
        switch type {
        case Kind.getTable:
            guard let table else { return [MemoryNetfilter.error(ENOENT, about: sequence, port: port)] }
            let use = Bytes.attribute(3, Bytes.networkNumber(UInt32(table.chains.count + table.sets.count)))
            let attributes = Bytes.attribute(1, Bytes.text(name.name)) + use
            return [MemoryNetfilter.message(Kind.newTable, name.family, attributes, sequence: sequence, port: port)]
        case Kind.getChain:
            // Those of all tables of the family, as the kernel does.
            return answers(
                Kind.newChain, tables.filter { $0.name.family == name.family }.flatMap(\.chains))
        case Kind.getSet:
            guard let table else { return [MemoryNetfilter.error(ENOENT, about: sequence, port: port)] }
            return answers(Kind.newSet, table.sets)
        case Kind.getElement:
            let set = message.text(2) ?? ""
            guard let table, table.sets.contains(where: { $0.name == set }) else {
                return [MemoryNetfilter.error(ENOENT, about: sequence, port: port)]
            }
            return answers(Kind.newElement, table.elements.filter { $0.name == set })
        case Kind.getRule: return answers(Kind.newRule, table?.rules ?? [])
        default: return answers(type, [])
        }
    }

    /// Carries out a batch, all of it or nothing; without its end nothing.
    ///
    /// - Returns: the answers, and the event that listeners hear; nil where nothing was committed.
    mutating func commit(_ messages: [NetlinkMessage], port: UInt32) -> (answers: [[UInt8]], event: [UInt8]?) {
        var changed = self
        var answers: [[UInt8]] = []
        let wanted = messages[0].attributes.first { $0.type == 1 }.map { UInt32($0.number(in: messages[0])) }
        if let wanted, wanted != generation {
            return ([MemoryNetfilter.error(ERESTART, about: messages[0].sequence, port: port)], nil)
        }
        for message in messages where message.nfTablesType != nil {
            let error = changed.change(message)
            // NLM_F_ACK
            if error != 0 || message.flags & 4 != 0 {
                answers.append(MemoryNetfilter.error(error, about: message.sequence, port: port))
            }
        }
        let hasFailed = answers.contains { $0[16..<20] != [0, 0, 0, 0] }
        guard !hasFailed, messages.last?.type == 17 else { return (answers, nil) }
        changed.generation += 1
        self = changed
        var event: [UInt8] = []
        for message in messages where message.nfTablesType != nil { event += Array(message.bytes) }
        return (answers, event + generationMessage(sequence: 0, port: port))
    }

    /// Carries out one message of a batch; the number of the error.
    private mutating func change(_ message: NetlinkMessage) -> Int32 {
        typealias Kind = MemoryNetfilter.Kind
        guard let type = message.nfTablesType, let family = message.family, let text = message.text(1) else {
            return EINVAL
        }
        let name = TableName(family, text)
        let isExclusive = message.flags & 0x200 != 0
        let index = tables.firstIndex { $0.name == name }
        if type == Kind.newTable {
            if index == nil { tables.append(Table(name: name)) }
            return index != nil && isExclusive ? EEXIST : 0
        }
        guard let index else { return ENOENT }
        let attributes = renamed(Array(message.bytes.dropFirst(20)), isNew: type == Kind.newSet)
        switch type {
        case Kind.deleteTable: tables.remove(at: index)
        case Kind.newChain:
            return tables[index].chains.add(message.text(3) ?? "", attributes, isExclusive)
        case Kind.deleteChain: return tables[index].chains.remove(message.text(3) ?? "")
        case Kind.newSet:
            let set = NetlinkMessage.text(2, attributes)
            return tables[index].sets.add(set, attributes, isExclusive)
        case Kind.deleteSet: return tables[index].sets.remove(message.text(2) ?? "")
        case Kind.newElement:
            tables[index].elements.append(Object(name: NetlinkMessage.text(2, attributes), attributes: attributes))
        case Kind.deleteElement: tables[index].elements.removeAll { $0.name == message.text(2) }
        case Kind.newRule:
            tables[index].rules.append(Object(name: message.text(2) ?? "", attributes: attributes))
        case Kind.deleteRule: tables[index].rules.removeAll { $0.name == message.text(2) }
        default: return EOPNOTSUPP
        }
        return 0
    }

    /// The attributes with the name of the last anonymous map where one is named.
    private mutating func renamed(_ attributes: [UInt8], isNew: Bool) -> [UInt8] {
        let placeholder = Array(AnonymousMap.name.utf8)
        guard let place = attributes.indices.first(where: { attributes[$0...].starts(with: placeholder) }) else {
            return attributes
        }
        if isNew { anonymousNumber += 1 }
        var renamed = attributes
        renamed.replaceSubrange(place..<place + placeholder.count, with: Array("__map\(anonymousNumber)".utf8))
        return renamed
    }
}

extension [MemoryTables.Object] {
    fileprivate mutating func add(_ name: String, _ attributes: [UInt8], _ isExclusive: Bool) -> Int32 {
        if contains(where: { $0.name == name }) { return isExclusive ? EEXIST : 0 }
        append(MemoryTables.Object(name: name, attributes: attributes))
        return 0
    }

    fileprivate mutating func remove(_ name: String) -> Int32 {
        guard let index = firstIndex(where: { $0.name == name }) else { return ENOENT }
        remove(at: index)
        return 0
    }
}

extension NetlinkMessage {
    /// The text of an attribute among the attributes of a message.
    fileprivate static func text(_ type: Int, _ attributes: [UInt8]) -> String {
        NetlinkMessage(startOf: Bytes.message(type: 0, Bytes.familyHeader() + attributes)[...])?.text(type) ?? ""
    }
}
