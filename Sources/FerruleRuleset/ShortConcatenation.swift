// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// What a value of a ``Concatenation`` is, in four bits, and how long it is when packed.
enum ValueKind: UInt8 {
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
    /// How many bytes the values take.
    private(set) var length: UInt8 = 0

    /// How many values have room.
    private static let capacity = 4
    /// How many bytes.
    private static let byteCapacity: UInt8 = 20

    private var count: Int { (UInt16.bitWidth + 3 - kinds.leadingZeroBitCount) / 4 }

    /// Whether the bytes are no more than ``high`` holds.
    var isOneWord: Bool { low == 0 && rest == 0 }

    init() {}

    /// `ADDRESS`, `ADDRESS . PORT` and `ADDRESS . PROTOCOL . PORT`, of which there are a million: what ``append(_:)`` does, at
    /// once.
    init(_ address: IPAddress, _ transport: TransportProtocol? = nil, _ port: Port? = nil) {
        var (bytes, count, others): (UInt32, UInt8, UInt16) = (0, 0, 0)
        if let transport {
            (bytes, count, others) = (UInt32(transport.rawValue) << 24, 1, UInt16(ValueKind.transportProtocol.rawValue))
        }
        if let port {
            bytes |= UInt32(port.number) << (count == 0 ? 16 : 8)
            others |= UInt16(ValueKind.port.rawValue) << (count == 0 ? 0 : 4)
            count += 2
        }
        switch address.family {
        case .ipv4:
            high = address.low << 32 | UInt64(bytes)
            kinds = UInt16(ValueKind.ipv4Address.rawValue) | others << 4
            length = 4 + count
        case .ipv6:
            (high, low, rest) = (address.high, address.low, bytes)
            kinds = UInt16(ValueKind.ipv6Address.rawValue) | others << 4
            length = 16 + count
        }
    }

    /// Packed bytes, up to 20, of values of the given kinds.
    init(kinds: UInt16, length: Int, byte: (Int) -> UInt8) {
        func word(_ range: Range<Int>) -> UInt64 {
            let bytes = range.clamped(to: 0..<length)
            let number = bytes.reduce(UInt64(0)) { $0 &<< 8 | UInt64(byte($1)) }
            return bytes.count == range.count ? number : number << UInt64(8 * (range.count - bytes.count))
        }
        high = word(0..<8)
        if length > 8 {
            low = word(8..<16)
            rest = UInt32(truncatingIfNeeded: word(16..<20))
        }
        (self.kinds, self.length) = (kinds, UInt8(length))
    }

    /// The code of up to four kinds; nil if values of these have no room.
    static func code(_ kinds: [ValueKind]) -> UInt16? {
        let length = kinds.reduce(0) { $0 + $1.packedLength }
        guard kinds.count <= capacity, length <= byteCapacity else { return nil }
        return kinds.reversed().reduce(0) { $0 << 4 | UInt16($1.rawValue) }
    }

    /// False if there is no room.
    mutating func append(_ value: Concatenation.Value) -> Bool {
        let kind = value.kind
        guard kinds >> 12 == 0, length + UInt8(kind.packedLength) <= ShortConcatenation.byteCapacity else {
            return false
        }
        kinds |= UInt16(kind.rawValue) << UInt16(4 * count)
        switch value {
        case .address(let address): put(address)
        case .transportProtocol(let transport): put(UInt64(transport.rawValue), bytes: 1)
        case .port(let port): put(UInt64(port.number), bytes: 2)
        case .prefix(let prefix):
            put(prefix.address)
            put(UInt64(prefix.length), bytes: 1)
        }
        return true
    }

    private mutating func put(_ address: IPAddress) {
        switch address.family {
        case .ipv4: put(address.low, bytes: 4)
        case .ipv6:
            put(address.high, bytes: 8)
            put(address.low, bytes: 8)
        }
    }

    /// Puts a number of up to eight bytes behind the others, where zeros are. It may reach into the next word.
    private mutating func put(_ number: UInt64, bytes count: UInt8) {
        let leading = number << UInt64(64 - 8 * count)
        let shift = UInt64(length % 8 * 8)
        let (here, next) = (leading >> shift, leading << (64 - shift))
        switch length / 8 {
        case 0:
            high |= here
            low |= next
        case 1:
            low |= here
            rest |= UInt32(truncatingIfNeeded: next >> 32)
        default: rest |= UInt32(truncatingIfNeeded: here >> 32)
        }
        length += count
    }

    /// Takes the kind of the first value away; its bytes must follow.
    mutating func takeKind() -> ValueKind? {
        defer { kinds >>= 4 }
        return ValueKind(rawValue: UInt8(truncatingIfNeeded: kinds & 0xf))
    }

    /// Takes the first one to four bytes away.
    @inline(__always)
    mutating func take(_ count: UInt64) -> UInt64 {
        let (shift, rest64) = (8 * count, UInt64(rest) << 32)
        defer {
            high = high &<< shift | low &>> (64 - shift)
            low = low &<< shift | rest64 &>> (64 - shift)
            rest = UInt32(truncatingIfNeeded: (rest64 &<< shift) >> 32)
        }
        return high &>> (64 - shift)
    }

    /// Takes the first eight bytes away.
    mutating func takeWord() -> UInt64 {
        defer { (high, low, rest) = (low, UInt64(rest) << 32, 0) }
        return high
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
