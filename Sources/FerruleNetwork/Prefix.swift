// SPDX-License-Identifier: Apache-2.0

/// An address range in CIDR form (RFC 4632), without host bits.
package struct Prefix: Sendable, Hashable {
    /// The first address of the range.
    package let address: IPAddress
    /// ``length``, in one byte: keys of elements hold prefixes.
    private let lengthByte: UInt8

    /// How many leading bits are fixed: 0...32 or 0...128.
    package var length: Int { Int(lengthByte) }

    /// The range of the given length around an address; host bits are cleared. `nil` if the length does not fit the
    /// family.
    package init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.addressBits).contains(length) else { return nil }
        self.address = IPAddress(address.family, bits: address.bits & ~Prefix.hostMask(address.family, length))
        lengthByte = UInt8(length)
    }

    /// The range that holds one address.
    package init(_ address: IPAddress) {
        self.address = address
        lengthByte = UInt8(address.family.addressBits)
    }

    /// The loopback addresses of a family: `127.0.0.0/8` (RFC 1122), or `::1` (RFC 4291).
    package init(loopbackOf family: IPFamily) {
        switch family {
        case .ipv4: (address, lengthByte) = (IPAddress(ipv4: 127 << 24), 8)
        case .ipv6: (address, lengthByte) = (IPAddress(ipv6High: 0, low: 1), 128)
        }
    }

    /// The range between two addresses; nil if no prefix covers exactly these.
    package init?(from first: IPAddress, through last: IPAddress) {
        guard first.family == last.family, first <= last else { return nil }
        let difference = first.bits ^ last.bits
        let hostBits = 128 - difference.leadingZeroBitCount
        self.init(first, length: first.family.addressBits - hostBits)
        guard address == first, lastAddress == last else { return nil }
    }

    package var family: IPFamily { address.family }

    /// The last address of the range.
    package var lastAddress: IPAddress {
        IPAddress(family, bits: address.bits | Prefix.hostMask(family, length))
    }

    package var isOfOneAddress: Bool { length == family.addressBits }

    /// Whether the address is of this family and within the range.
    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && other.bits & ~Prefix.hostMask(family, length) == address.bits
    }

    /// Whether the whole of the other range is within this one.
    package func contains(_ other: Prefix) -> Bool {
        other.length >= length && contains(other.address)
    }

    /// A number with ones in the host bits.
    private static func hostMask(_ family: IPFamily, _ length: Int) -> UInt128 {
        let hostBits = family.addressBits - length
        return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
    }
}

extension Prefix: CustomStringConvertible, Comparable {
    /// Parses `ADDRESS/LENGTH`. White space around it (Unicode's, as Go's `strings.TrimSpace` has it), leading zeros and host
    /// bits are allowed, as in ranges that old API servers have stored.
    ///
    /// A range of IPv4-mapped IPv6 addresses (`::ffff:10.0.0.0/104`) is the IPv4 range, as in Go's `net.IPNet`; one that
    /// reaches beyond these is IPv6.
    package init?(_ text: some StringProtocol) {
        let trimmed = Substring(text).unicodeScalars.drop(while: \.properties.isWhitespace)
        let end = trimmed.lastIndex { !$0.properties.isWhitespace }
        let parts = Substring(end.map { trimmed[...$0] } ?? trimmed).split(
            separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parts[0]),
            parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let length = Int(parts[1])
        else { return nil }
        guard address.family == .ipv4, parts[0].contains(":") else {
            self.init(address, length: length)
            return
        }
        let mappingLength = 96
        if length >= mappingLength {
            self.init(address, length: length - mappingLength)
        } else {
            self.init(IPAddress(ipv6High: 0, low: 0xffff_0000_0000 | UInt64(address.ipv4Bits)), length: length)
        }
    }

    package var description: String { "\(address)/\(length)" }

    /// By first address, then the wider range first.
    package static func < (left: Prefix, right: Prefix) -> Bool {
        left.address == right.address ? left.length < right.length : left.address < right.address
    }
}

extension [Prefix] {
    /// The same addresses without a range that lies within another; sorted.
    package func disjoint() -> [Prefix] {
        sorted().reduce(into: []) { kept, range in
            if kept.last?.contains(range) != true { kept.append(range) }
        }
    }

    /// The first that is of the family of one before it; nil where there is one of each family at most.
    package var secondOfFamily: Prefix? {
        enumerated().first { place, range in prefix(place).contains { $0.family == range.family } }?.element
    }
}
