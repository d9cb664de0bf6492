// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Owns a `struct nftnl_set_elem`.
@safe struct SetElementHandle: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_set_elem_alloc() else { throw .libraryRefused("nftnl_set_elem_alloc") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe nftnl_set_elem_free(pointer) }

    /// Sets an attribute (`NFTNL_SET_ELEM_…`) of raw bytes.
    func set(_ attribute: Int, bytes: borrowing [UInt8]) throws(NetlinkError) {
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe nftnl_set_elem_set(pointer, UInt16(attribute), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_set_elem_set \(attribute)") }
    }

    func setVerdict(_ verdict: Verdict) throws(NetlinkError) {
        unsafe nftnl_set_elem_set_u32(pointer, UInt16(NFTNL_SET_ELEM_VERDICT), verdict.kernelNumber)
        guard let chain = verdict.chain else { return }
        let status = unsafe chain.description.withCString {
            unsafe nftnl_set_elem_set_str(pointer, UInt16(NFTNL_SET_ELEM_CHAIN), $0)
        }
        guard status == 0 else { throw .libraryRefused("nftnl_set_elem_set_str") }
    }

    /// When the element goes away by itself.
    func setLifetime(_ lifetime: Lifetime) {
        unsafe nftnl_set_elem_set_u64(pointer, UInt16(NFTNL_SET_ELEM_TIMEOUT), UInt64(lifetime.timeout))
        unsafe nftnl_set_elem_set_u64(pointer, UInt16(NFTNL_SET_ELEM_EXPIRATION), UInt64(lifetime.remaining))
    }

    /// Marks the element as the first address behind a range.
    func setIntervalEnd() {
        unsafe nftnl_set_elem_set_u32(
            pointer, UInt16(NFTNL_SET_ELEM_FLAGS), UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue))
    }

    /// Writes the element into an attribute that has been started.
    func write(to header: MessageHeader) {
        unsafe nftnl_set_elem_nlmsg_build_payload(header.pointer, pointer)
    }
}
