// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address, without a zone.
///
/// The bits stand in host order in two halves; an IPv4 address occupies the lowest 32 bits of `low`.
package struct IPAddress: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64
    package let family: IPFamily

    /// An IPv4 address from its 32 bits in host order.
    package init(ipv4 bits: UInt32) {
        (high, low, family) = (0, UInt64(bits), .ipv4)
    }

    /// An IPv6 address from its two 64-bit halves in host order.
    package init(ipv6High high: UInt64, low: UInt64) {
        (self.high, self.low, family) = (high, low, .ipv6)
    }

    /// The 32 bits of an IPv4 address in host order.
    package var ipv4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// The address as a number, for arithmetic within its family.
    package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// The address of a family with the given number; bits beyond the family's length are dropped.
    package init(_ family: IPFamily, bits: UInt128) {
        self =
            switch family {
            case .ipv4: IPAddress(ipv4: UInt32(truncatingIfNeeded: bits))
            case .ipv6:
                IPAddress(ipv6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
            }
    }

    /// The address that the first 4 or 16 bytes tell in network order; nil if there are fewer.
    package init?(_ family: IPFamily, networkBytes bytes: Span<UInt8>) {
        guard bytes.count >= family.addressBytes else { return nil }
        func number(_ range: Range<Int>) -> UInt64 { range.reduce(0) { $0 << 8 | UInt64(bytes[$1]) } }
        switch family {
        case .ipv4: self.init(ipv4: UInt32(truncatingIfNeeded: number(0..<4)))
        case .ipv6: self.init(ipv6High: number(0..<8), low: number(8..<16))
        }
    }

    /// `0.0.0.0` or `::`.
    package var isUnspecified: Bool { high == 0 && low == 0 }

    /// In ``Prefix/init(loopbackOf:)``.
    package var isLoopback: Bool { Prefix(loopbackOf: family).contains(self) }

    /// In `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291).
    private var isLinkLocalUnicast: Bool {
        family == .ipv4 ? ipv4Bits >> 16 == 0xa9fe : high >> 54 == 0xfe80 >> 6
    }

    /// In `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291).
    package var isMulticast: Bool { family == .ipv4 ? ipv4Bits >> 28 == 0xe : high >> 56 == 0xff }

    /// In `224.0.0.0/24` (RFC 5771), or of scope 2 in `ff00::/8` (RFC 4291), whatever its flags: `ff02::1`, `ff12::1`.
    private var isLinkLocalMulticast: Bool {
        family == .ipv4 ? ipv4Bits >> 8 == 0xe00000 : high >> 48 & 0xff0f == 0xff02
    }

    /// Why no machine can be reached at an address by others, in words that follow "is".
    package enum SpecialUse: String, Sendable {
        case unspecified
        case loopback = "a loopback address"
        case linkLocal = "a link-local address"
        case linkLocalMulticast = "a link-local multicast address"
    }

    /// What makes it useless as an endpoint or an external IP: the API server takes it for neither
    /// (`ValidateEndpointIP` in `pkg/apis/core/validation/validation.go` of Kubernetes).
    package var specialUse: SpecialUse? {
        if isUnspecified { return .unspecified }
        if isLoopback { return .loopback }
        if isLinkLocalUnicast { return .linkLocal }
        return isLinkLocalMulticast ? .linkLocalMulticast : nil
    }

    /// Whether no machine can be reached at it by others.
    package var isOfOneMachine: Bool { specialUse != nil }

    /// Appends the address in network byte order: 4 or 16 bytes.
    package func appendBytes(to bytes: inout [UInt8]) {
        if family == .ipv6 {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: high >> shift)) }
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: low >> shift)) }
        } else {
            for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: low >> shift)) }
        }
    }
}

extension IPAddress: Comparable {
    /// Inlined into other modules, as is the order: sets of a hundred thousand elements are compared.
    @inlinable package static func == (left: IPAddress, right: IPAddress) -> Bool {
        left.low == right.low && left.high == right.high && left.family == right.family
    }

    /// By family, then by number.
    @inlinable package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.family != right.family { return left.family < right.family }
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension [IPAddress] {
    /// Ascending, each once.
    package func sortedUnique() -> [IPAddress] {
        guard count > 1 else { return self }
        return sorted().reduce(into: []) { kept, address in
            if kept.last != address { kept.append(address) }
        }
    }
}
