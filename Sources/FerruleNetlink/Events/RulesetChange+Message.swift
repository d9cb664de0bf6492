// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

extension RulesetChange {
    /// The change that a message tells of (`nft_commit_notify` in the kernel's `nf_tables_api.c`); nil for messages that tell of
    /// none, and of families that Ferrule has no tables in.
    init?(_ message: NetlinkMessage) {
        guard let type = message.nfTablesType, let (action, kind) = Self.kinds[type],
            let family = message.family, let name = message.text(NetlinkMessage.tableAttribute)
        else { return nil }
        func text(_ attribute: UInt32) -> String { message.text(Int(attribute)) ?? "" }
        let object: Object =
            switch kind {
            case .table: .table
            case .chain: .chain(ChainName(text(NFTA_CHAIN_NAME.rawValue)))
            case .rule: .rule(in: ChainName(text(NFTA_RULE_CHAIN.rawValue)))
            case .set: .set(SetName(text(NFTA_SET_NAME.rawValue)))
            case .element: .element(of: SetName(text(NFTA_SET_ELEM_LIST_SET.rawValue)))
            case .object: .other(text(NFTA_OBJ_NAME.rawValue))
            case .flowTable: .other(text(NFTA_FLOWTABLE_NAME.rawValue))
            }
        self.init(action, object, in: TableName(family, name))
    }

    private enum Kind { case table, chain, rule, set, element, object, flowTable }

    /// A removal that need not find anything has a type of its own since Linux 6.3: `NFT_MSG_DESTROYTABLE` and so on, in this
    /// order. Older headers end before `NFT_MSG_GETRULE_RESET`, which is the one before.
    private static let firstDestruction = NFT_MSG_DELFLOWTABLE.rawValue + 2

    private static let kinds: [UInt32: (Action, Kind)] = {
        let pairs: [(nf_tables_msg_types, nf_tables_msg_types, Kind)] = [
            (NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, .table), (NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, .chain),
            (NFT_MSG_NEWRULE, NFT_MSG_DELRULE, .rule), (NFT_MSG_NEWSET, NFT_MSG_DELSET, .set),
            (NFT_MSG_NEWSETELEM, NFT_MSG_DELSETELEM, .element), (NFT_MSG_NEWOBJ, NFT_MSG_DELOBJ, .object),
            (NFT_MSG_NEWFLOWTABLE, NFT_MSG_DELFLOWTABLE, .flowTable),
        ]
        var kinds: [UInt32: (Action, Kind)] = [:]
        for (number, (new, removed, kind)) in pairs.enumerated() {
            kinds[new.rawValue] = (.added, kind)
            kinds[removed.rawValue] = (.removed, kind)
            kinds[firstDestruction + UInt32(number)] = (.removed, kind)
        }
        return kinds
    }()
}

extension NetlinkMessage {
    /// The type within the nf_tables subsystem (`enum nf_tables_msg_types`); nil for messages of others.
    var nfTablesType: UInt32? {
        type >> 8 == UInt16(NFNL_SUBSYS_NFTABLES) ? UInt32(type & 0xff) : nil
    }

    var isNewGeneration: Bool { nfTablesType == NFT_MSG_NEWGEN.rawValue }

    /// The family in the nfnetlink header; nil for those that Ferrule does not know.
    var family: IPFamily? {
        guard bytes.count >= NetlinkMessage.headerLength + NetlinkMessage.familyHeaderLength else { return nil }
        let number = bytes[bytes.startIndex + NetlinkMessage.headerLength]
        return IPFamily.allCases.first { $0.netfilterNumber == UInt16(number) }
    }
}
