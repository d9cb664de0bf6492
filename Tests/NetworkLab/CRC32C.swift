// SPDX-License-Identifier: Apache-2.0

/// The Castagnoli CRC that SCTP packets carry (RFC 9260, appendix A), reflected, as a number.
func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ crc32cTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
}

private let crc32cTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0x82f6_3b78 }
}
