// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// Owns a `struct nftnl_expr`: one instruction of a rule.
@safe struct ExpressionHandle: ~Copyable {
    private let pointer: OpaquePointer

    /// An instruction by the kernel's name for it, such as `lookup`.
    init(_ name: String) throws(NetlinkError) {
        guard let pointer = unsafe name.withCString({ unsafe nftnl_expr_alloc($0) }) else {
            throw .libraryRefused("nftnl_expr_alloc \(name)")
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe nftnl_expr_free(pointer) }

    /// Sets an attribute (`NFTNL_EXPR_…`) of a fixed length, in host order.
    func set(_ attribute: Int, _ value: some FixedWidthInteger & BitwiseCopyable) throws(NetlinkError) {
        let status = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe nftnl_expr_set(pointer, UInt16(attribute), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_expr_set \(attribute)") }
    }

    /// Sets an attribute of raw bytes.
    func set(_ attribute: Int, bytes: [UInt8]) throws(NetlinkError) {
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe nftnl_expr_set(pointer, UInt16(attribute), bytes.baseAddress, UInt32(bytes.count))
        }
        guard status == 0 else { throw .libraryRefused("nftnl_expr_set \(attribute)") }
    }

    /// Sets an attribute of text.
    func set(_ attribute: Int, _ text: String) throws(NetlinkError) {
        let status = unsafe text.withCString { unsafe nftnl_expr_set_str(pointer, UInt16(attribute), $0) }
        guard status == 0 else { throw .libraryRefused("nftnl_expr_set_str \(attribute)") }
    }

    /// Gives the pointer away: whoever takes it frees it.
    consuming func release() -> OpaquePointer {
        let pointer = unsafe self.pointer
        discard self
        return unsafe pointer
    }
}
