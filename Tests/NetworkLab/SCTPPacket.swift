// SPDX-License-Identifier: Apache-2.0

/// The three SCTP packets (RFC 9260) that the lab exchanges: an INIT, and the INIT ACK or ABORT that answers it.
struct SCTPPacket: Equatable {
    enum Chunk: Equatable {
        /// Asks for an association; `tag` is what the answer must carry as its verification tag.
        case initiate(tag: UInt32)
        /// Accepts. The State Cookie is the server's to fill: here it says who answered.
        case acknowledge(tag: UInt32, cookie: [UInt8])
        /// Nobody listens on that port.
        case abort
    }

    var source: UInt16
    var destination: UInt16
    /// 0 in an INIT, otherwise the tag of that INIT.
    var verificationTag: UInt32
    var chunk: Chunk

    /// The packet with its checksum.
    var bytes: [UInt8] {
        var bytes = bigEndian(source) + bigEndian(destination) + bigEndian(verificationTag) + [0, 0, 0, 0]
        switch chunk {
        case .initiate(let tag): bytes += [1, 0] + bigEndian(UInt16(20)) + Self.parameters(tag)
        case .acknowledge(let tag, let cookie):
            bytes += [2, 0] + bigEndian(UInt16(24 + cookie.count)) + Self.parameters(tag)
            bytes += bigEndian(UInt16(7)) + bigEndian(UInt16(4 + cookie.count)) + cookie
            bytes += [UInt8](repeating: 0, count: (4 - cookie.count % 4) % 4)
        case .abort: bytes += [6, 0] + bigEndian(UInt16(4))
        }
        // The one field of SCTP in little-endian order.
        let checksum = crc32c(bytes)
        for index in 0..<4 { bytes[8 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
        return bytes
    }

    /// Initiate tag, receiver window, one stream each way, first sequence number.
    private static func parameters(_ tag: UInt32) -> [UInt8] {
        bigEndian(tag) + bigEndian(UInt32(65_536)) + bigEndian(UInt16(1)) + bigEndian(UInt16(1)) + bigEndian(tag)
    }
}

extension SCTPPacket {
    /// The ports and the verification tag, which an ICMP error repeats too.
    struct Header: Equatable {
        let source: UInt16
        let destination: UInt16

        init?(_ bytes: [UInt8]) {
            guard bytes.count >= 8 else { return nil }
            source = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
            destination = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }

    /// Reads a packet; `nil` for other chunks and for a wrong checksum.
    init?(_ bytes: [UInt8]) {
        guard let header = Header(bytes), bytes.count >= 16 else { return nil }
        let carried = bytes[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard crc32c(bytes[..<8] + [0, 0, 0, 0] + bytes[12...]) == carried else { return nil }
        (source, destination) = (header.source, header.destination)
        verificationTag = number(bytes[4..<8])
        switch bytes[12] {
        case 1 where bytes.count >= 32: chunk = .initiate(tag: number(bytes[16..<20]))
        case 2 where bytes.count >= 36:
            let end = min(bytes.count, 32 + Int(number(bytes[34..<36])))
            guard end >= 36 else { return nil }
            chunk = .acknowledge(tag: number(bytes[16..<20]), cookie: Array(bytes[36..<end]))
        case 6: chunk = .abort
        default: return nil
        }
    }

    /// The part of a raw socket's datagram behind the IP header, which only IPv4 delivers.
    static func payload(_ datagram: [UInt8], isIPv4: Bool) -> [UInt8] {
        guard isIPv4, let first = datagram.first else { return datagram }
        return Array(datagram.dropFirst(Int(first & 0xf) * 4))
    }
}

private func bigEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> Number($0)) }
}

private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
}
