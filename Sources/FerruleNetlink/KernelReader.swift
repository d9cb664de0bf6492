// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
package import FerruleRuleset

/// What the kernel holds under Ferrule's table names, at one moment.
package struct KernelState: Sendable {
    /// One table for each name asked for; absent ones have no chains. The summary is that of the record beside them.
    package var ruleset: Ruleset
    /// The number of the ruleset, which every change to any table raises.
    package var generation: UInt32
    /// The text of the record beside each table that has one (``Provenance/record``).
    package var records: [TableName: String] = [:]
}

extension Kernel {
    /// Reads tables into the model that the compiler makes. Objects and rules that Ferrule never makes are kept as what
    /// they are: ``Table/foreign`` and ``Statement/opaque(_:)``.
    package func read(_ tables: [TableName]) throws(NetlinkError) -> KernelState {
        try rereading { () throws(NetlinkError) in
            let socket = try NetlinkSocket()
            let before = try generation(socket)
            var read: [Table] = []
            var records: [TableName: String] = [:]
            for table in tables { read.append(try readTable(table, &records, socket)) }
            guard try generation(socket) == before else { throw .systemCall("netlink dump", .interruptedDump) }
            return KernelState(ruleset: Ruleset(tables: read, summary: Summary()), generation: before, records: records)
        }
    }

    /// The number of the ruleset, which every change to any table raises.
    package func generation() throws(NetlinkError) -> UInt32 {
        try generation(NetlinkSocket())
    }

    private func generation(_ socket: borrowing NetlinkSocket) throws(NetlinkError) -> UInt32 {
        let request = BatchEncoder.generationRequest()
        try socket.send(request[...])
        guard case .datagram(let datagram) = try socket.receive(wait: true),
            let message = NetlinkMessage(startOf: datagram[...])
        else { throw .repliesLost("there were more than the socket could hold") }
        let number = message.attributes.first { $0.type == Int(NFTA_GEN_ID.rawValue) }?.number(in: message)
        return UInt32(truncatingIfNeeded: number ?? 0)
    }

    private func readTable(
        _ name: TableName, _ records: inout [TableName: String], _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> Table {
        var table = Table(name)
        let chains = try dump(NFT_MSG_GETCHAIN, name, socket).filter {
            $0.text(Int(NFTA_CHAIN_TABLE.rawValue)) == name.name
        }
        guard !chains.isEmpty else { return table }
        let listed = try dump(NFT_MSG_GETSET, name, socket).filter {
            $0.text(Int(NFTA_SET_TABLE.rawValue)) == name.name
        }
        var anonymous: [String: [Verdict]] = [:]
        for message in listed {
            let set = ReadSet(message)
            let elements = try dump(NFT_MSG_GETSETELEM, name, set: set.name, socket)
            if set.isAnonymous {
                anonymous[set.name] = AnonymousMap.verdicts(elements)
            } else if let definition = set.definition(elements, name.family) {
                table.sets.append(definition)
            } else {
                table.foreign.append(.set(SetName(set.name)))
            }
        }
        let rules = try readRules(name, anonymous, socket)
        for message in chains {
            guard let chainName = message.text(Int(NFTA_CHAIN_NAME.rawValue)).map(ChainName.init) else { continue }
            if chainName == Provenance.chain { records[name] = Kernel.record(message) }
            switch ReadHook(message) {
            case .regular: table.chains.append(Chain(chainName, rules: rules[chainName] ?? []))
            case .hooked(let hook): table.chains.append(Chain(chainName, hook: hook, rules: rules[chainName] ?? []))
            case .foreign: table.foreign.append(.chain(chainName))
            }
        }
        return table
    }

    private func readRules(
        _ table: TableName, _ anonymous: [String: [Verdict]], _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> [ChainName: [Rule]] {
        var rules: [ChainName: [Rule]] = [:]
        let decoder = ExpressionDecoder(anonymousMaps: anonymous)
        for message in try dump(NFT_MSG_GETRULE, table, socket) {
            guard message.text(Int(NFTA_RULE_TABLE.rawValue)) == table.name,
                let chain = message.text(Int(NFTA_RULE_CHAIN.rawValue)).map(ChainName.init)
            else { continue }
            let rule = try ReadRule.read(message) { read in
                var expressions: [KernelExpression]? = []
                read.forEachExpression { expression in
                    guard let known = decoder.expression(expression) else { return expressions = nil }
                    expressions?.append(known)
                }
                return expressions.flatMap { Lifting.rule(of: $0, table.family) } ?? Rule(.opaque(read.text))
            }
            rules[chain, default: []].append(rule ?? Rule(.opaque("an instruction that libnftnl does not know")))
        }
        return rules
    }
}

/// A set as the kernel declares it.
private struct ReadSet {
    let name: String
    private let flags: UInt32
    private let keyType: UInt32
    private let dataType: UInt32
    private let size: Int?

    init(_ message: NetlinkMessage) {
        let attributes = message.attributes
        func number(_ type: nft_set_attributes) -> UInt32 {
            let attribute = attributes.first { $0.type == Int(type.rawValue) }
            return UInt32(truncatingIfNeeded: attribute?.number(in: message) ?? 0)
        }
        name = message.text(Int(NFTA_SET_NAME.rawValue)) ?? ""
        flags = number(NFTA_SET_FLAGS)
        keyType = number(NFTA_SET_KEY_TYPE)
        dataType = number(NFTA_SET_DATA_TYPE)
        size = attributes.first { $0.type == Int(NFTA_SET_DESC.rawValue) }.flatMap { description in
            description.nested(in: message).first { $0.type == Int(NFTA_SET_DESC_SIZE.rawValue) }
        }.map { Int($0.number(in: message)) }
    }

    var isAnonymous: Bool { flags & UInt32(NFT_SET_ANONYMOUS.rawValue) != 0 }

    /// nil for a set that Ferrule never makes.
    func definition(_ elements: [NetlinkMessage], _ family: IPFamily) -> SetDefinition? {
        guard let key = [SetDefinition.DataType](nftNumber: keyType, family) else { return nil }
        let isMap = flags & UInt32(NFT_SET_MAP.rawValue) != 0
        var value: SetDefinition.ValueType?
        if isMap, dataType == UInt32(NFT_DATA_VERDICT.rawValue) {
            value = .verdict
        } else if isMap {
            guard let type = [SetDefinition.DataType](nftNumber: dataType, family) else { return nil }
            value = .data(type)
        }
        let kinds: [SetDefinition.Kind] = [.plain, .interval, .dynamic(SetDefinition.Memory(timeout: 0, values: []))]
        for kind in kinds {
            var definition = SetDefinition(SetName(name), key: key, value: value, kind: kind, size: size)
            guard definition.kernelFlags == flags & ~UInt32(NFT_SET_MAP.rawValue) else { continue }
            let decoder = ElementDecoder(family: family, keyType: key, kind: kind)
            guard let elements = decoder.elements(elements) else { return nil }
            definition.elements = elements
            return definition
        }
        return nil
    }
}

/// Where the kernel says that a chain is hooked in.
private enum ReadHook {
    case regular
    case hooked(Hook)
    case foreign

    init(_ message: NetlinkMessage) {
        guard let hook = message.attributes.first(where: { $0.type == Int(NFTA_CHAIN_HOOK.rawValue) }) else {
            self = .regular
            return
        }
        var point: UInt32?
        var priority: UInt32 = 0
        for part in hook.nested(in: message) {
            let number = UInt32(truncatingIfNeeded: part.number(in: message))
            if part.type == Int(NFTA_HOOK_HOOKNUM.rawValue) { point = number }
            if part.type == Int(NFTA_HOOK_PRIORITY.rawValue) { priority = number }
        }
        guard message.text(Int(NFTA_CHAIN_TYPE.rawValue)) == "nat",
            let known = point.flatMap(Hook.Point.init(rawValue:))
        else {
            self = .foreign
            return
        }
        self = .hooked(Hook(known, priority: Int32(bitPattern: priority)))
    }
}
