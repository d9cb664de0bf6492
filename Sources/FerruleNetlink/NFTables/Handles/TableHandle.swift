// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Owns a `struct nftnl_table`.
@safe struct TableHandle: ~Copyable {
    private let pointer: OpaquePointer

    private init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_table_alloc() else { throw .libraryRefused("nftnl_table_alloc") }
        unsafe self.pointer = pointer
    }

    static func named(_ table: TableName) throws(NetlinkError) -> TableHandle {
        let handle = try TableHandle()
        unsafe nftnl_table_set_u32(
            handle.pointer, UInt16(NFTNL_TABLE_FAMILY.rawValue), UInt32(table.family.netfilterNumber))
        guard unsafe nftnl_table_set_str(handle.pointer, UInt16(NFTNL_TABLE_NAME.rawValue), table.name) == 0 else {
            throw .libraryRefused("nftnl_table_set_str")
        }
        return handle
    }

    deinit { unsafe nftnl_table_free(pointer) }

    /// Writes the table into a message whose header stands already.
    func write(to header: MessageHeader) {
        unsafe nftnl_table_nlmsg_build_payload(header.pointer, pointer)
    }
}
