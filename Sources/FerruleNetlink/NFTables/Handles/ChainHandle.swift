// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Owns a `struct nftnl_chain`.
@safe struct ChainHandle: ~Copyable {
    private let pointer: OpaquePointer

    private init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_chain_alloc() else { throw .libraryRefused("nftnl_chain_alloc") }
        unsafe self.pointer = pointer
    }

    /// The chain itself, without its rules.
    static func declaring(_ chain: Chain, in table: TableName) throws(NetlinkError) -> ChainHandle {
        let handle = try ChainHandle()
        handle.set(NFTNL_CHAIN_FAMILY, UInt32(table.family.netfilterNumber))
        try handle.set(NFTNL_CHAIN_TABLE, table.name)
        try handle.set(NFTNL_CHAIN_NAME, chain.name.description)
        if let base = chain.base {
            try handle.set(NFTNL_CHAIN_TYPE, base.kind.rawValue)
            handle.set(NFTNL_CHAIN_HOOKNUM, base.hook.rawValue)
            handle.set(NFTNL_CHAIN_PRIO, UInt32(bitPattern: base.priority))
            handle.set(NFTNL_CHAIN_POLICY, base.policy.rawValue)
        }
        return handle
    }

    deinit { unsafe nftnl_chain_free(pointer) }

    private func set(_ attribute: nftnl_chain_attr, _ value: UInt32) {
        unsafe nftnl_chain_set_u32(pointer, UInt16(attribute.rawValue), value)
    }

    private func set(_ attribute: nftnl_chain_attr, _ text: String) throws(NetlinkError) {
        let status = unsafe text.withCString {
            unsafe nftnl_chain_set_str(pointer, UInt16(attribute.rawValue), $0)
        }
        guard status == 0 else { throw .libraryRefused("nftnl_chain_set_str \(attribute)") }
    }

    /// `NFTA_CHAIN_USERDATA`: bytes that the kernel keeps with the chain.
    func setUserData(_ bytes: [UInt8]) throws(NetlinkError) {
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe nftnl_chain_set_data(
                pointer, UInt16(NFTNL_CHAIN_USERDATA.rawValue), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_chain_set_data") }
    }

    /// Writes the chain into a message whose header stands already.
    func write(to header: MessageHeader) {
        unsafe nftnl_chain_nlmsg_build_payload(header.pointer, pointer)
    }
}
