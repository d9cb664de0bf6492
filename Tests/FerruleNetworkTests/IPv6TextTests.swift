// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Glibc
import Testing

@Suite("IPv6 addresses as text")
struct IPv6TextTests {
    /// RFC 4291 section 2.2, and what RFC 5952 section 4 makes of it.
    private static let spellings: [(text: String, canonical: String)] = [
        ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
        ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
        ("FF01:0:0:0:0:0:0:101", "ff01::101"), ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1:0:0:0:0:0:0:0", "1::"),
        // Leading zeros go.
        ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0000:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        // One group of zeros is not shortened, and `::` may stand for one.
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        // The longest run is shortened; of two alike the first.
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("0:0:1:0:0:0:0:0", "0:0:1::"), ("0:0:0:1:0:0:0:1", "::1:0:0:0:1"),
        // An IPv4 tail is text alone.
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::13.1.68.3", "::d01:4403"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        // IPv4 within IPv6 is the IPv4 address, as in Go's net.IP.
        ("::ffff:10.0.0.1", "10.0.0.1"), ("::FFFF:a00:1", "10.0.0.1"),
        ("0:0:0:0:0:ffff:129.144.52.38", "129.144.52.38"),
    ]

    @Test("each spelling is read, and printed in the canonical form", arguments: spellings)
    func canonical(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        // A part of a longer text is read alike.
        #expect(IPAddress("[\(text)]:80".dropFirst().dropLast(4)) == address)
    }

    @Test(
        "nothing else is read",
        arguments: [
            "", ":", ":::", "1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8",
            "1::2::3", "::1::", "1:2:3:4::5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "12345::", "00001::",
            "g::",
            "::1%eth0", "fe80::1%1", "::1/64", "[::1]", " ::1", "::1 ", "::-1", "::+1", "::0x1",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "::1.2.3.4:5", "1.2.3.4::", "::.1.2.3", "::1.2.3.4:", "：：1", "::１",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("the C library prints and reads the same", arguments: 1...20)
    func likeTheLibrary(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            // Zeros often enough that there are runs of them.
            let groups = (0..<8).map { _ in
                Bool.random(using: &generator) ? 0 : UInt16.random(in: .min ... .max, using: &generator)
            }
            let address = IPAddress(.ipv6, bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
            // The library prints these with a tail of IPv4.
            guard address.bits >> 32 != 0, address.bits >> 32 != 0xffff else { continue }
            var bytes: [UInt8] = []
            address.appendBytes(to: &bytes)
            var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            try #require(unsafe inet_ntop(AF_INET6, bytes, &buffer, socklen_t(buffer.count)) != nil)
            let printed = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            #expect(address.description == printed)
            let written = groups.map { String($0, radix: 16) }.joined(separator: ":")
            #expect(IPAddress(written) == address)
        }
    }
}
