// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import Glibc

/// A netlink socket of the netfilter subsystem, for small requests.
final class NetfilterSocket {
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 12)
        guard descriptor >= 0 else { throw BenchError("socket: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// Receives all elements of a set (`NFT_MSG_GETSETELEM`) and counts their bytes.
    func dumpElements(_ table: TableName, _ set: SetName) throws -> Int {
        let attributes = Self.attribute(1, table.name) + Self.attribute(2, set.description)
        try send(type: 10 << 8 | 13, flags: 0x301, family: table.family == .ipv4 ? 2 : 10, attributes)
        var sum = 0
        while true {
            let message = try receive()
            sum += message.count
            // The end of a dump (NLMSG_DONE) stands in a datagram of its own or at the end of one.
            if Self.isLast(message) { return sum }
        }
    }

    /// Forgets all tracked connections of the namespace (`IPCTNL_MSG_CT_DELETE` without a tuple).
    func flushConnections() throws {
        try send(type: 1 << 8 | 2, flags: 0x5, family: 2, [])
        _ = try receive()
    }

    /// Sends a batch, and waits for the kernel's word that it has taken effect.
    func commit(_ batch: Batch) throws {
        try send(batch.bytes)
        let answer = try receive()
        let error = answer.dropFirst(16).prefix(4)
        guard answer.count >= 20, error.allSatisfy({ $0 == 0 }) else { throw BenchError("the kernel refused a batch") }
    }

    private func send(type: UInt16, flags: UInt16, family: UInt8, _ attributes: [UInt8]) throws {
        let length = UInt32(20 + attributes.count)
        var bytes: [UInt8] = []
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
        bytes += [UInt8(type & 0xff), UInt8(type >> 8), UInt8(flags & 0xff), UInt8(flags >> 8)]
        bytes += [0, 0, 0, 0, 0, 0, 0, 0, family, 0, 0, 0] + attributes
        try send(bytes)
    }

    private func send(_ bytes: [UInt8]) throws {
        let sent = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
        guard sent == bytes.count else { throw BenchError("netlink send: errno \(errno)") }
    }

    private func receive() throws -> ArraySlice<UInt8> {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw BenchError("netlink recv: errno \(errno)") }
        return buffer[..<count]
    }

    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)

    /// Walks the messages of a datagram up to one that ends a dump or reports an error.
    private static func isLast(_ datagram: ArraySlice<UInt8>) -> Bool {
        var offset = 0
        while offset + 16 <= datagram.count {
            let length = (0..<4).reduce(0) { $0 | Int(datagram[offset + $1]) << (8 * $1) }
            if datagram[offset + 4] == 3 || datagram[offset + 4] == 2, datagram[offset + 5] == 0 { return true }
            guard length >= 16 else { return true }
            offset += (length + 3) & ~3
        }
        return false
    }

    private static func attribute(_ type: UInt8, _ text: String) -> [UInt8] {
        let payload = Array(text.utf8) + [0]
        let length = payload.count + 4
        return [UInt8(length & 0xff), UInt8(length >> 8), type, 0] + payload
            + [UInt8](repeating: 0, count: (4 - length % 4) % 4)
    }
}
