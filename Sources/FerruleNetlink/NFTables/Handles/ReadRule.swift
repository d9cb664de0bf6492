// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// A rule that the kernel has described.
@safe struct ReadRule: ~Copyable {
    private let pointer: OpaquePointer

    private init() throws(NetlinkError) {
        guard let pointer = unsafe nftnl_rule_alloc() else { throw .libraryRefused("nftnl_rule_alloc") }
        unsafe self.pointer = pointer
    }

    deinit { unsafe nftnl_rule_free(pointer) }

    /// Reads an `NFT_MSG_NEWRULE`; nil if libnftnl cannot, as with an instruction that it does not know.
    static func read<Result>(
        _ message: NetlinkMessage, _ use: (borrowing ReadRule) -> Result
    ) throws(NetlinkError) -> Result? {
        let rule = try ReadRule()
        let isRead = unsafe message.bytes.withUnsafeBytes { bytes in
            guard let header = unsafe bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self) else { return false }
            return unsafe nftnl_rule_nlmsg_parse(header, rule.pointer) >= 0
        }
        return isRead ? use(rule) : nil
    }

    /// Hands each instruction over, in order.
    func forEachExpression(_ body: (ReadExpression) -> Void) {
        guard let iterator = unsafe nftnl_expr_iter_create(pointer) else { return }
        defer { unsafe nftnl_expr_iter_destroy(iterator) }
        while let expression = unsafe nftnl_expr_iter_next(iterator) { unsafe body(ReadExpression(expression)) }
    }

    /// The rule as libnftnl describes it, on one line.
    var text: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        _ = unsafe nftnl_rule_snprintf(&buffer, buffer.count, pointer, 0, 0)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// An instruction of a ``ReadRule``, of use only while it is handed over.
@safe struct ReadExpression {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    /// The kernel's name for it, such as `lookup`.
    var name: String { text(NFTNL_EXPR_NAME) }

    /// Whether an attribute (`NFTNL_EXPR_…`) is there.
    func has(_ attribute: Int) -> Bool { unsafe nftnl_expr_is_set(pointer, UInt16(attribute)) }

    /// A number of at most 32 bits; 0 if absent.
    func number(_ attribute: Int) -> UInt32 {
        let bytes = bytes(attribute)
        return bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    func wideNumber(_ attribute: Int) -> UInt64 {
        bytes(attribute).prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func register(_ attribute: Int) -> Register { Register(number: number(attribute)) }

    func text(_ attribute: Int) -> String {
        guard has(attribute), let text = unsafe nftnl_expr_get_str(pointer, UInt16(attribute)) else { return "" }
        return unsafe String(cString: text)
    }

    /// The value as it stands in memory; none if absent.
    func bytes(_ attribute: Int) -> [UInt8] {
        var length: UInt32 = 0
        guard has(attribute), let value = unsafe nftnl_expr_get(pointer, UInt16(attribute), &length) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: value, count: Int(length)))
    }
}
