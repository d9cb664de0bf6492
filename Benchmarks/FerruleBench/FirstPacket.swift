// SPDX-License-Identifier: Apache-2.0

/// The first packet of a TCP connection over IPv4, in an Ethernet frame.
struct FirstPacket {
    static let length = 14 + 20 + 20

    let source: UInt32
    let sourcePort: UInt16
    let destination: UInt32
    let destinationPort: UInt16

    func append(to frames: inout [UInt8]) {
        frames += ForwardingNode.hardwareAddress + [2, 0, 0, 0, 0, 2, 8, 0]
        var header: [UInt16] = [0x4500, 40, 0, 0x4000, 0x4006, 0] + Self.words(source) + Self.words(destination)
        header[5] = ~Self.sum(header)
        var segment: [UInt16] = [sourcePort, destinationPort, 0, 1, 0, 0, 0x5002, 0xffff, 0, 0]
        let pseudoHeader: [UInt16] = Self.words(source) + Self.words(destination) + [6, 20]
        segment[8] = ~Self.sum(pseudoHeader + segment)
        for word in header + segment { frames += [UInt8(word >> 8), UInt8(word & 0xff)] }
    }

    private static func words(_ number: UInt32) -> [UInt16] {
        [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
    }

    /// The sum of the internet checksum (RFC 1071).
    private static func sum(_ words: [UInt16]) -> UInt16 {
        var sum = words.reduce(UInt32(0)) { $0 + UInt32($1) }
        while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
        return UInt16(sum)
    }
}
