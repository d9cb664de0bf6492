// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleParallel
internal import FerruleRuleset

/// A table as the kernel holds it, and what stands beside its ruleset: one table's share of a ``KernelState``.
struct ReadTable {
    var table: Table
    /// The text of the record.
    var record: String?
    var claims: [Claim] = []
}

/// Reads one table. Nothing but that table must change meanwhile, for what is read to be right.
struct TableReader {
    private let name: TableName
    private let reading: TableReading

    init(_ name: TableName, _ reading: TableReading) {
        (self.name, self.reading) = (name, reading)
    }

    /// The table; absent where there is none, or nothing in it but claims.
    func read() throws(NetlinkError) -> ReadTable {
        var read = ReadTable(table: Table(name))
        guard let declaration = try find(TableRequest.declaration(of: name)) else { return read }
        let sets = try list(NFT_MSG_GETSET, ReadSet.init)
        let properties = try properties
        let chains = try chains(of: declaration, besides: sets.count + properties.count)
        read.claims = chains.compactMap { Claim($0.name, in: name) }
        let isDormant = declaration.number(NFTA_TABLE_FLAGS.rawValue).map { $0 & NFT_TABLE_F_DORMANT.rawValue != 0 }
        read.table.foreign = (isDormant == true ? [.property("flag dormant")] : []) + properties
        var anonymous: [String: [Verdict]] = [:]
        for content in try readContents(sets) {
            switch content {
            case .anonymous(let set, let verdicts): anonymous[set] = verdicts
            case .known(let definition, let foreignCount):
                read.table.sets.append(definition)
                if foreignCount > 0 { read.table.foreign.append(.elements(foreignCount, of: definition.name)) }
            case .foreign(let set): read.table.foreign.append(set)
            }
        }
        let rules = try readRules(anonymous)
        for chain in chains where Claim(chain.name, in: name) == nil && !chain.isOfRule {
            if chain.isOfRecord { read.record = chain.record }
            if let known = chain.chain(rules[ChainName(chain.name)] ?? []) {
                read.table.chains.append(known)
            } else {
                read.table.foreign.append(.chain(ChainName(chain.name)))
            }
        }
        return read
    }

    /// The names of the sets and maps, the anonymous ones of rules included.
    func setNames() throws(NetlinkError) -> Set<String> {
        guard try find(TableRequest.declaration(of: name)) != nil else { return [] }
        return Set(try list(NFT_MSG_GETSET, ReadSet.init).map(\.name))
    }

    /// The elements of a set that Ferrule makes.
    func elements(of set: SetDefinition) throws(NetlinkError) -> [Element] {
        var list = ListedElements(ElementDecoder(set, name.family))
        _ = try dump(TableRequest.elements(of: set.name.description, in: name)) { list.read($0) }
        return list.elements.known
    }

    // MARK: - Kinds of objects

    /// How often chains are listed anew because other tables' chains came or went meanwhile.
    private static let attempts = 100

    /// The kernel lists the chains of all tables, and after a commit goes on at the same position: where another table's chain
    /// came or went, some are listed twice or not at all.
    ///
    /// So a list that was interrupted counts only if the table says (`NFTA_TABLE_USE`) that it has so many objects.
    private func chains(of table: NetlinkMessage, besides others: Int) throws(NetlinkError) -> [ReadChain] {
        let count = table.number(NFTA_TABLE_USE.rawValue).map { Int($0) - others }
        for _ in 0..<TableReader.attempts {
            var names: Set<String> = []
            var chains: [ReadChain] = []
            let isInterrupted = try dump(TableRequest.list(NFT_MSG_GETCHAIN, of: name)) { message in
                guard isOfTable(message) else { return }
                let chain = ReadChain(message)
                if names.insert(chain.name).inserted { chains.append(chain) }
            }
            if !isInterrupted || chains.count == count { return chains }
        }
        throw .systemCall("netlink dump", .interruptedDump)
    }

    private enum SetContent: Sendable {
        case anonymous(String, [Verdict])
        case known(SetDefinition, foreignElements: Int)
        case foreign(ForeignObject)
    }

    /// The sets with their elements, in the same order. Nearly all of a ruleset is in them, so all processors work at it: the
    /// kernel lists for several askers at once.
    private func readContents(_ sets: [ReadSet]) throws(NetlinkError) -> [SetContent] {
        try parallelReduce(count: sets.count, into: []) { number throws(NetlinkError) in
            let set = sets[number]
            let request = TableRequest.elements(of: set.name, in: name)
            if set.isAnonymous {
                var map = AnonymousMap()
                _ = try dump(request) { map.read($0) }
                return SetContent.anonymous(set.name, map.verdicts)
            }
            guard var definition = set.definition(name.family) else { return .foreign(set.foreign) }
            var list = ListedElements(ElementDecoder(definition, name.family))
            _ = try dump(request) { list.read($0) }
            let elements = list.elements
            definition.elements = elements.known
            return .known(definition, foreignElements: elements.foreignCount)
        } take: {
            $0.append($1)
        }
    }

    /// What is in the table that Ferrule never makes and that is neither chain, set nor rule.
    private var properties: [ForeignObject] {
        get throws(NetlinkError) {
            try list(NFT_MSG_GETOBJ) { .property("object \($0.text(Int(NFTA_OBJ_NAME.rawValue)) ?? "")") }
                + list(NFT_MSG_GETFLOWTABLE) {
                    .property("flowtable \($0.text(Int(NFTA_FLOWTABLE_NAME.rawValue)) ?? "")")
                }
        }
    }

    /// The rules of each chain, in order.
    private func readRules(_ anonymous: [String: [Verdict]]) throws(NetlinkError) -> [ChainName: [ReadChain.Content]] {
        var rules: [ChainName: [ReadChain.Content]] = [:]
        let decoder = ExpressionDecoder(family: name.family, anonymousMaps: anonymous)
        _ = try dump(TableRequest.list(NFT_MSG_GETRULE, of: name)) { message throws(NetlinkError) in
            guard isOfTable(message), let chain = message.text(Int(NFTA_RULE_CHAIN.rawValue)).map(ChainName.init) else {
                return
            }
            let rule = try ReadRule.read(message) { read in
                var expressions: [KernelExpression]? = []
                read.forEachExpression { expression in
                    if decoder.isIdle(expression) { return }
                    guard let known = decoder.expression(expression) else { return expressions = nil }
                    expressions?.append(known)
                }
                return expressions.flatMap { Lifting.rule(of: $0, name.family) }.map(ReadChain.Content.known)
                    ?? .foreign(read.text)
            }
            rules[chain, default: []].append(rule ?? .foreign("an instruction that libnftnl does not know"))
        }
        return rules
    }

    // MARK: - Asking

    private func isOfTable(_ message: NetlinkMessage) -> Bool {
        message.text(NetlinkMessage.tableAttribute) == name.name
    }

    private func find(_ request: [UInt8]) throws(NetlinkError) -> NetlinkMessage? {
        try reading.sessions.withSession { session throws(NetlinkError) in try session.find(request) }
    }

    /// Whether somebody committed something meanwhile.
    private func dump(
        _ request: [UInt8], _ read: (NetlinkMessage) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> Bool {
        let isInterrupted = try reading.sessions.withSession { session throws(NetlinkError) in
            try session.dump(request, read)
        }
        guard !isInterrupted || reading.isWatched else { throw .systemCall("netlink dump", .interruptedDump) }
        return isInterrupted
    }

    private func list<Object>(
        _ type: nf_tables_msg_types, _ object: (NetlinkMessage) -> Object
    ) throws(NetlinkError) -> [Object] {
        var objects: [Object] = []
        _ = try dump(TableRequest.list(type, of: name)) { message in
            if isOfTable(message) { objects.append(object(message)) }
        }
        return objects
    }
}
