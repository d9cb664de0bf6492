// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Glibc

/// An address with a port, and its form in the socket calls.
struct SocketAddress: Hashable {
    let address: IPAddress
    let port: UInt16

    /// The bytes of a `sockaddr_in` or `sockaddr_in6`.
    var bytes: [UInt8] {
        let family = UInt16(address.family.socketFamily)
        var bytes = unsafe withUnsafeBytes(of: family) { unsafe Array($0) } + [UInt8(port >> 8), UInt8(port & 0xff)]
        if address.family == .ipv6 { bytes += [0, 0, 0, 0] }
        address.appendBytes(to: &bytes)
        return bytes + [UInt8](repeating: 0, count: address.family == .ipv6 ? 4 : 8)
    }

    init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads the bytes that a socket call filled in; `nil` for other families.
    init?(bytes: [UInt8]) {
        guard bytes.count >= 16 else { return nil }
        let family = Int32(bytes[0]) | Int32(bytes[1]) << 8
        port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch family {
        case AF_INET: address = IPAddress(.ipv4, networkBytes: bytes[4..<8])
        case AF_INET6 where bytes.count >= 28: address = IPAddress(.ipv6, networkBytes: bytes[8..<24])
        default: return nil
        }
    }

    /// Lends the C structure to a socket call.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        let bytes = bytes
        return unsafe bytes.withUnsafeBytes { buffer in
            unsafe buffer.withMemoryRebound(to: sockaddr.self) { rebound in
                guard let base = rebound.baseAddress else { preconditionFailure("a socket address is never empty") }
                return unsafe body(base, socklen_t(bytes.count))
            }
        }
    }

    /// Has a socket call fill in an address; the result is `nil` when it filled in none.
    static func filled<Result>(
        by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> (Result, SocketAddress?) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
        }
        let bytes = unsafe withUnsafeBytes(of: &storage) { unsafe Array($0.prefix(Int(length))) }
        return (result, SocketAddress(bytes: bytes))
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `10.244.0.6:80` or `[fd00::6]:80`.
    var description: String { address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// Parses ``description``.
    init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            let address = IPAddress(String(text[..<colon].filter { $0 != "[" && $0 != "]" }))
        else { return nil }
        self.init(address, port)
    }
}

extension IPFamily {
    /// `AF_INET` or `AF_INET6`.
    var socketFamily: Int32 { self == .ipv4 ? AF_INET : AF_INET6 }
}

extension IPAddress {
    /// Reads 4 or 16 bytes in network order.
    fileprivate init(_ family: IPFamily, networkBytes: some Sequence<UInt8>) {
        self.init(family, bits: networkBytes.reduce(into: UInt128(0)) { $0 = $0 << 8 | UInt128($1) })
    }
}
