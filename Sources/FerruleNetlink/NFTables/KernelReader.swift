// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleParallel
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
    /// they are: ``Table/foreign`` and ``Chain/foreignRules``.
    package func read(_ tables: [TableName]) throws(NetlinkError) -> KernelState {
        try rereading { () throws(NetlinkError) in
            let socket = try NetlinkSocket()
            let pool = try SocketPool(count: processorCount)
            let before = try generation(socket)
            var read: [Table] = []
            var records: [TableName: String] = [:]
            for table in tables { read.append(try readTable(table, &records, socket, pool)) }
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
        if let error = message.error { throw .asking(request, error) }
        let number = message.attributes.first { $0.type == Int(NFTA_GEN_ID.rawValue) }?.number(in: message)
        return UInt32(truncatingIfNeeded: number ?? 0)
    }

    private func readTable(
        _ name: TableName, _ records: inout [TableName: String], _ socket: borrowing NetlinkSocket, _ pool: SocketPool
    ) throws(NetlinkError) -> Table {
        var table = Table(name)
        let chains = try dump(NFT_MSG_GETCHAIN, name, socket).filter {
            $0.text(Int(NFTA_CHAIN_TABLE.rawValue)) == name.name
        }
        guard !chains.isEmpty else { return table }
        table.foreign = try properties(of: name, socket)
        let listed = try dump(NFT_MSG_GETSET, name, socket).filter {
            $0.text(Int(NFTA_SET_TABLE.rawValue)) == name.name
        }
        var anonymous: [String: [Verdict]] = [:]
        for content in try readContents(listed.map(ReadSet.init), name, pool) {
            switch content {
            case .anonymous(let set, let verdicts): anonymous[set] = verdicts
            case .known(let definition): table.sets.append(definition)
            case .foreign(let set): table.foreign.append(.set(set))
            }
        }
        let rules = try readRules(name, anonymous, socket)
        for message in chains {
            guard let chainName = message.text(Int(NFTA_CHAIN_NAME.rawValue)).map(ChainName.init) else { continue }
            if chainName == ChainPurpose.record.name { records[name] = Kernel.record(message) }
            let base: BaseChain?
            switch ReadHook(message) {
            case .regular: base = nil
            case .base(let known): base = known
            case .foreign:
                table.foreign.append(.chain(chainName))
                continue
            }
            var chain = Chain(named: chainName, base: base, rules: [])
            for rule in rules[chainName] ?? [] {
                switch rule {
                case .known(let rule): chain.rules.append(rule)
                case .foreign(let text): chain.foreignRules.append(ForeignRule(text, at: chain.rules.count))
                }
            }
            table.chains.append(chain)
        }
        return table
    }

    private enum SetContent: Sendable {
        case anonymous(String, [Verdict])
        case known(SetDefinition)
        case foreign(SetName)
    }

    /// The sets with their elements, in the same order. Nearly all of a ruleset is in them, so all processors work at it: the
    /// kernel lists for several askers at once.
    private func readContents(
        _ sets: [ReadSet], _ table: TableName, _ pool: SocketPool
    ) throws(NetlinkError) -> [SetContent] {
        try parallelReduce(count: sets.count, into: []) { number throws(NetlinkError) in
            let set = sets[number]
            let elements = try pool.withSocket { socket throws(NetlinkError) in
                try dump(NFT_MSG_GETSETELEM, table, set: set.name, socket)
            }
            if set.isAnonymous { return SetContent.anonymous(set.name, AnonymousMap.verdicts(elements)) }
            return set.definition(elements, table.family).map(SetContent.known) ?? .foreign(SetName(set.name))
        } take: {
            $0.append($1)
        }
    }

    /// What is in or about a table that Ferrule never makes and that is neither chain, set nor rule.
    private func properties(
        of table: TableName, _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> [ForeignObject] {
        let tables = try dump(NFT_MSG_GETTABLE, table, socket).filter {
            $0.text(Int(NFTA_TABLE_NAME.rawValue)) == table.name
        }
        let flags = tables.first?.attributes.first { $0.type == Int(NFTA_TABLE_FLAGS.rawValue) }
        let isDormant = flags.map { flags in
            tables.first.map { flags.number(in: $0) & UInt64(NFT_TABLE_F_DORMANT.rawValue) != 0 } ?? false
        }
        let objects = try dump(NFT_MSG_GETOBJ, table, socket).filter {
            $0.text(Int(NFTA_OBJ_TABLE.rawValue)) == table.name
        }
        let flowTables = try dump(NFT_MSG_GETFLOWTABLE, table, socket).filter {
            $0.text(Int(NFTA_FLOWTABLE_TABLE.rawValue)) == table.name
        }
        return (isDormant == true ? [.property("flag dormant")] : [])
            + objects.map { .property("object \($0.text(Int(NFTA_OBJ_NAME.rawValue)) ?? "")") }
            + flowTables.map { .property("flowtable \($0.text(Int(NFTA_FLOWTABLE_NAME.rawValue)) ?? "")") }
    }

    private enum RuleContent {
        case known(Rule)
        /// As libnftnl describes it.
        case foreign(String)
    }

    /// The rules of each chain, in order.
    private func readRules(
        _ table: TableName, _ anonymous: [String: [Verdict]], _ socket: borrowing NetlinkSocket
    ) throws(NetlinkError) -> [ChainName: [RuleContent]] {
        var rules: [ChainName: [RuleContent]] = [:]
        let decoder = ExpressionDecoder(family: table.family, anonymousMaps: anonymous)
        for message in try dump(NFT_MSG_GETRULE, table, socket) {
            guard message.text(Int(NFTA_RULE_TABLE.rawValue)) == table.name,
                let chain = message.text(Int(NFTA_RULE_CHAIN.rawValue)).map(ChainName.init)
            else { continue }
            let rule = try ReadRule.read(message) { read in
                var expressions: [KernelExpression]? = []
                read.forEachExpression { expression in
                    if decoder.isIdle(expression) { return }
                    guard let known = decoder.expression(expression) else { return expressions = nil }
                    expressions?.append(known)
                }
                return expressions.flatMap { Lifting.rule(of: $0, table.family) }.map(RuleContent.known)
                    ?? .foreign(read.text)
            }
            rules[chain, default: []].append(rule ?? .foreign("an instruction that libnftnl does not know"))
        }
        return rules
    }
}
