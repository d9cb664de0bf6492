// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Owns a `struct nftnl_set`: a set or map, without elements.
@safe struct SetHandle: ~Copyable {
    private let pointer: OpaquePointer

    private init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_set_alloc() else { throw .libraryRefused("nftnl_set_alloc") }
        unsafe self.pointer = pointer
    }

    /// - Parameter id: what other messages of the batch may name the set by.
    static func named(_ name: String, id: UInt32, in table: TableName) throws(NetlinkError) -> SetHandle {
        let handle = try SetHandle()
        handle.set(NFTNL_SET_FAMILY, UInt32(table.family.netfilterNumber))
        handle.set(NFTNL_SET_ID, id)
        try handle.set(NFTNL_SET_TABLE, table.name)
        try handle.set(NFTNL_SET_NAME, name)
        return handle
    }

    deinit { unsafe nftnl_set_free(pointer) }

    /// Sets an attribute (`NFTNL_SET_…`) of 32 bits.
    func set(_ attribute: nftnl_set_attr, _ value: UInt32) {
        unsafe nftnl_set_set_u32(pointer, UInt16(attribute.rawValue), value)
    }

    private func set(_ attribute: nftnl_set_attr, _ text: String) throws(NetlinkError) {
        let status = unsafe text.withCString { unsafe nftnl_set_set_str(pointer, UInt16(attribute.rawValue), $0) }
        guard status == 0 else { throw .libraryRefused("nftnl_set_set_str \(attribute.rawValue)") }
    }

    /// Sets nft's hints about types (`NFTA_SET_USERDATA`).
    func setUserData(_ bytes: [UInt8]) throws(NetlinkError) {
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe nftnl_set_set_data(
                pointer, UInt16(NFTNL_SET_USERDATA.rawValue), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_set_set_data") }
    }

    /// The lengths in bytes of the fields of a concatenation (`NFTA_SET_DESC_CONCAT`).
    func setFieldLengths(_ lengths: [UInt8]) throws(NetlinkError) {
        let status = unsafe lengths.withUnsafeBytes { bytes in
            unsafe nftnl_set_set_data(
                pointer, UInt16(NFTNL_SET_DESC_CONCAT.rawValue), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_set_set_data") }
    }

    /// Writes the declaration into a message whose header stands already.
    func writeDeclaration(to header: MessageHeader) {
        unsafe nftnl_set_nlmsg_build_payload(header.pointer, pointer)
    }

    /// Writes which set the message is about: all of a request for its elements, or what stands before a list of them.
    func writeElementRequest(to header: MessageHeader) {
        unsafe nftnl_set_elems_nlmsg_build_payload(header.pointer, pointer)
    }
}
