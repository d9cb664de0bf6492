// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension IPAddress: CustomStringConvertible {
    /// Parses an address as Kubernetes does: dotted decimal, where leading zeros are allowed and mean decimal, never
    /// octal (`010.0.0.1` is `10.0.0.1`), or RFC 4291 text, also with an IPv4 tail. `nil` for anything else, zones
    /// included.
    ///
    /// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) is the IPv4 address, as in Go's `net.IP`.
    package init?(_ text: String) { self.init(utf8: text.utf8.span) }

    /// Parses a part of a text, as above.
    package init?(_ text: Substring) { self.init(utf8: text.utf8.span) }

    /// Not generic over kinds of text: a cluster has 100,000 addresses, and unspecialised code takes five times as long.
    private init?(utf8 text: Span<UInt8>) {
        let hasColon = text.indices.contains { text[$0] == UInt8(ascii: ":") }
        guard let parsed = hasColon ? parseIPv6(text) : parseIPv4(text).map(IPAddress.init(ipv4:)) else { return nil }
        if parsed.family == .ipv6, parsed.high == 0, parsed.low >> 32 == 0xffff {
            self.init(ipv4: parsed.ipv4Bits)
        } else {
            self = parsed
        }
    }

    /// Dotted decimal, or the canonical text of RFC 5952.
    package var description: String {
        var text: [UInt8] = []
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``description`` as ASCII.
    package func appendText(to text: inout [UInt8]) {
        guard family == .ipv6 else {
            for shift in stride(from: 24, through: 0, by: -8) {
                appendDecimal(UInt64(low >> shift & 0xff), to: &text)
                if shift > 0 { text.append(UInt8(ascii: ".")) }
            }
            return
        }
        let run = longestZeroRun()
        var index = 0
        while index < 8 {
            if index == run.lowerBound, run.count > 1 {
                text.append(UInt8(ascii: ":"))
                if index == 0 { text.append(UInt8(ascii: ":")) }
                index = run.upperBound
                continue
            }
            appendHexadecimal(group(index), to: &text)
            index += 1
            if index < 8 { text.append(UInt8(ascii: ":")) }
        }
    }

    /// The 16-bit group at an index of 0...7, from the left.
    private func group(_ index: Int) -> UInt16 {
        let half = index < 4 ? high : low
        return UInt16(truncatingIfNeeded: half >> (48 - 16 * (index % 4)))
    }

    /// The first of the longest runs of zero groups.
    private func longestZeroRun() -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...8 {
            if index < 8, group(index) == 0 { continue }
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }
}

private func appendHexadecimal(_ number: UInt16, to text: inout [UInt8]) {
    if number >= 16 { appendHexadecimal(number / 16, to: &text) }
    let digit = UInt8(truncatingIfNeeded: number % 16)
    text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
}

private func parseIPv4(_ text: Span<UInt8>) -> UInt32? {
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    for index in text.indices {
        let byte = text[index]
        if byte == UInt8(ascii: ".") {
            guard digits > 0, octets < 3 else { return nil }
            bits = bits << 8 | octet
            (octet, digits, octets) = (0, 0, octets + 1)
        } else {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
            digits += 1
            guard octet < 256 else { return nil }
        }
    }
    guard digits > 0, octets == 3 else { return nil }
    return bits << 8 | octet
}

private func parseIPv6(_ text: Span<UInt8>) -> IPAddress? {
    var groups: [UInt16] = []
    var gap: Int?
    var rest = text.indices.map { text[$0] }[...]
    if rest.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
        gap = 0
        rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
        let part = rest.prefix { $0 != UInt8(ascii: ":") }
        if part.contains(UInt8(ascii: ".")) {
            guard part.count == rest.count, let tail = parseIPv4(part.span) else { return nil }
            groups += [UInt16(tail >> 16), UInt16(tail & 0xffff)]
            break
        }
        guard let group = parseGroup(part) else { return nil }
        groups.append(group)
        rest = rest.dropFirst(part.count)
        guard !rest.isEmpty else { break }
        rest = rest.dropFirst()
        guard let next = rest.first else { return nil }
        if next == UInt8(ascii: ":") {
            guard gap == nil else { return nil }
            gap = groups.count
            rest = rest.dropFirst()
        }
    }
    if let gap {
        guard groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let halves = groups.reduce(into: UInt128(0)) { $0 = $0 << 16 | UInt128($1) }
    return IPAddress(.ipv6, bits: halves)
}

private func parseGroup(_ text: some Collection<UInt8>) -> UInt16? {
    guard (1...4).contains(text.count) else { return nil }
    var group: UInt16 = 0
    for byte in text {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): group = group << 4 | UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): group = group << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): group = group << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
        default: return nil
        }
    }
    return group
}
