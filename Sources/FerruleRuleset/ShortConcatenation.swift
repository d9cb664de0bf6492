// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// What a value of a ``Concatenation`` is, in four bits, and how long it is when packed.
enum PartKind: UInt8 {
    // 0 means that there is none.
    case ipv4Address = 1
    case ipv6Address
    case transportProtocol
    case port
    case ipv4Prefix
    case ipv6Prefix

    /// In bytes; the length of a prefix stands behind its address.
    var packedLength: Int {
        switch self {
        case .ipv4Address: 4
        case .ipv6Address: 16
        case .transportProtocol: 1
        case .port: 2
        case .ipv4Prefix: 5
        case .ipv6Prefix: 17
        }
    }
}

/// A ``Concatenation`` of up to four values of together 20 bytes: the bytes as numbers, filled up with zeros at the right.
struct ShortConcatenation: Sendable {
    /// The first eight bytes.
    private(set) var high: UInt64 = 0
    /// The next eight.
    private(set) var low: UInt64 = 0
    /// The last four.
    private(set) var rest: UInt32 = 0
    /// The kinds of the values, the first one in the lowest four bits.
    private var kinds: UInt16 = 0

    /// How many values have room.
    private static let capacity = 4
    /// How many bytes.
    private static let byteCapacity = 20

    func kind(at position: Int) -> PartKind? {
        position < ShortConcatenation.capacity
            ? PartKind(rawValue: UInt8(truncatingIfNeeded: kinds >> UInt16(4 * position)) & 0xf) : nil
    }

    /// Whether the bytes are no more than ``high`` holds.
    var isOneWord: Bool { low == 0 && rest == 0 }

    /// False if there is no room.
    mutating func append(_ part: Concatenation.Part) -> Bool {
        var (count, offset) = (0, 0)
        while let kind = kind(at: count) {
            count += 1
            offset += kind.packedLength
        }
        let kind = part.kind
        guard count < ShortConcatenation.capacity, offset + kind.packedLength <= ShortConcatenation.byteCapacity else {
            return false
        }
        kinds |= UInt16(kind.rawValue) << UInt16(4 * count)
        switch part {
        case .address(let address): put(address, at: offset)
        case .transportProtocol(let transport): put(UInt64(transport.rawValue), bytes: 1, at: offset)
        case .port(let port): put(UInt64(port.number), bytes: 2, at: offset)
        case .prefix(let prefix):
            put(prefix.address, at: offset)
            put(UInt64(prefix.length), bytes: 1, at: offset + prefix.family.addressBytes)
        }
        return true
    }

    private mutating func put(_ address: IPAddress, at offset: Int) {
        switch address.family {
        case .ipv4: put(address.low, bytes: 4, at: offset)
        case .ipv6:
            put(address.high, bytes: 8, at: offset)
            put(address.low, bytes: 8, at: offset + 8)
        }
    }

    /// Writes a number of up to eight bytes where zeros are. It may reach into the next word.
    private mutating func put(_ number: UInt64, bytes count: Int, at offset: Int) {
        let leading = number << UInt64(64 - 8 * count)
        let shift = UInt64(offset % 8 * 8)
        let (here, next) = (leading >> shift, leading << (64 - shift))
        switch offset / 8 {
        case 0:
            high |= here
            low |= next
        case 1:
            low |= here
            rest |= UInt32(truncatingIfNeeded: next >> 32)
        default: rest |= UInt32(truncatingIfNeeded: here >> 32)
        }
    }

    /// A number of up to eight bytes.
    func number(at offset: Int, bytes count: Int) -> UInt64 {
        let last = UInt64(rest) << 32
        let (here, next) = offset < 8 ? (high, low) : offset < 16 ? (low, last) : (last, 0)
        let shift = UInt64(offset % 8 * 8)
        return (here << shift | next >> (64 - shift)) >> UInt64(64 - 8 * count)
    }
}

extension ShortConcatenation: Hashable, Comparable {
    static func < (left: ShortConcatenation, right: ShortConcatenation) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.low != right.low { return left.low < right.low }
        if left.rest != right.rest { return left.rest < right.rest }
        return left.kinds < right.kinds
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
        hasher.combine(UInt64(rest) << 16 | UInt64(kinds))
    }

    func hash(into hash: inout StableHash) {
        hash.add(high)
        if !isOneWord { hash.add(low) }
        hash.add(UInt64(rest) << 16 | UInt64(kinds))
    }
}
