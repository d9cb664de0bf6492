// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Questions about tables (`linux/netfilter/nf_tables.h`).
enum TableRequest {
    /// For the number of the ruleset, which every commit to any table raises.
    static var generation: [UInt8] { message(NFT_MSG_GETGEN, family: UInt16(NFPROTO_UNSPEC), flags: 0, []) }

    /// For the table itself.
    static func declaration(of table: TableName) -> [UInt8] {
        message(NFT_MSG_GETTABLE, of: table, flags: 0)
    }

    /// For all objects of a kind in a table. The kernel lists all chains of the table's family, whatever is asked for; of other
    /// kinds it lists those of the table alone.
    static func list(_ type: nf_tables_msg_types, of table: TableName) -> [UInt8] {
        message(type, of: table, flags: NLM_F_DUMP)
    }

    /// For all elements of a set or map.
    static func elements(of set: String, in table: TableName) -> [UInt8] {
        message(NFT_MSG_GETSETELEM, of: table, flags: NLM_F_DUMP, attribute(NFTA_SET_ELEM_LIST_SET.rawValue, set))
    }

    private static func message(
        _ type: nf_tables_msg_types, of table: TableName, flags: Int32, _ more: [UInt8] = []
    ) -> [UInt8] {
        let name = attribute(UInt32(NetlinkMessage.tableAttribute), table.name)
        return message(type, family: table.family.netfilterNumber, flags: flags, name + more)
    }

    private static func message(
        _ type: nf_tables_msg_types, family: UInt16, flags: Int32, _ attributes: [UInt8]
    ) -> [UInt8] {
        NetlinkMessage.request(NFNL_SUBSYS_NFTABLES, type.rawValue, flags: flags, family: family, attributes)
    }

    /// Text with its final NUL, padded for the next attribute.
    private static func attribute(_ type: UInt32, _ text: String) -> [UInt8] {
        let value = Array(text.utf8) + [0]
        let header = nlattr(nla_len: UInt16(MemoryLayout<nlattr>.size + value.count), nla_type: UInt16(type))
        return unsafe withUnsafeBytes(of: header) { unsafe Array($0) } + value
            + [UInt8](repeating: 0, count: -value.count & 3)
    }
}
