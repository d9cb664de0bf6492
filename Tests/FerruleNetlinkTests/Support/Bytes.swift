// SPDX-License-Identifier: Apache-2.0

/// Parts of netlink messages as the kernel writes them, on a machine of this byte order.
enum Bytes {
    static func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytesOf(value) }

    /// A number in network order, as attributes hold them.
    static func networkNumber(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytesOf(value.bigEndian) }

    /// Text with its final NUL.
    static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    /// `struct nlmsghdr` and what follows it, padded for the next message.
    static func message(
        type: UInt16, flags: UInt16 = 0, sequence: UInt32 = 1, port: UInt32 = 0, _ payload: [UInt8] = []
    ) -> [UInt8] {
        let length = 16 + payload.count
        return number(UInt32(length)) + number(type) + number(flags) + number(sequence) + number(port) + padded(payload)
    }

    /// `struct nfgenmsg`: family, version and number of resource.
    static func familyHeader(_ family: UInt8 = 2, resource: UInt16 = 0) -> [UInt8] {
        [family, 0] + networkNumber(resource)
    }

    /// `struct nlattr` and its value, padded for the next attribute.
    static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        number(UInt16(4 + value.count)) + number(type) + padded(value)
    }

    /// An attribute that holds others (`NLA_F_NESTED`).
    static func nest(_ type: UInt16, _ attributes: [UInt8]) -> [UInt8] { attribute(type | 0x8000, attributes) }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: -bytes.count & 3) }

    private static func withUnsafeBytesOf(_ value: some FixedWidthInteger) -> [UInt8] {
        let little = (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return 1.littleEndian == 1 ? little : little.reversed()
    }
}
