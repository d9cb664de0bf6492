// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Owns a `struct nftnl_rule`.
@safe struct RuleHandle: ~Copyable {
    private let pointer: OpaquePointer

    private init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_rule_alloc() else { throw .libraryRefused("nftnl_rule_alloc") }
        unsafe self.pointer = pointer
    }

    /// A rule without instructions.
    static func appended(to chain: ChainName, in table: TableName) throws(NetlinkError) -> RuleHandle {
        let handle = try RuleHandle()
        unsafe nftnl_rule_set_u32(
            handle.pointer, UInt16(NFTNL_RULE_FAMILY.rawValue), UInt32(table.family.netfilterNumber))
        try handle.set(NFTNL_RULE_TABLE, table.name)
        try handle.set(NFTNL_RULE_CHAIN, chain.description)
        return handle
    }

    deinit { unsafe nftnl_rule_free(pointer) }

    private func set(_ attribute: nftnl_rule_attr, _ text: String) throws(NetlinkError) {
        let status = unsafe text.withCString { unsafe nftnl_rule_set_str(pointer, UInt16(attribute.rawValue), $0) }
        guard status == 0 else { throw .libraryRefused("nftnl_rule_set_str \(attribute.rawValue)") }
    }

    /// Appends an instruction.
    func add(_ expression: consuming ExpressionHandle) {
        unsafe nftnl_rule_add_expr(pointer, expression.release())
    }

    /// Writes the rule into a message whose header stands already.
    func write(to header: MessageHeader) {
        unsafe nftnl_rule_nlmsg_build_payload(header.pointer, pointer)
    }
}
