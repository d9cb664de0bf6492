// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Values one behind the other, as nft concatenates them with dots, `10.96.0.10 . tcp . 53`; often a single one. Elements of
/// sets are found by one, and elements of maps lead to one.
///
/// A ruleset has a million of them, so the values stand packed in network order, where a comparison of numbers is one of the
/// values from left to right. Up to four values of together 20 bytes, such as an IPv6 address with protocol and port, need
/// no memory of their own.
package struct Concatenation: Sendable, Hashable {
    /// One value.
    package enum Part: Sendable, Hashable {
        case address(IPAddress)
        case transportProtocol(TransportProtocol)
        case port(Port)
        /// A range of addresses, in keys of interval sets.
        case prefix(Prefix)
    }

    private enum Storage: Sendable, Hashable {
        case short(ShortConcatenation)
        /// The packed values, a byte for the kind of each, and their number.
        case long([UInt8])
    }

    private var storage: Storage

    /// Of no value yet.
    package init() { storage = .short(ShortConcatenation()) }

    package init(_ parts: some Sequence<Part>) {
        self.init()
        for part in parts { append(part) }
    }

    package mutating func append(_ part: Part) {
        switch storage {
        case .short(var short):
            if short.append(part) { storage = .short(short) } else { storage = .long(longer(with: part)) }
        case .long: storage = .long(longer(with: part))
        }
    }

    /// The long form, with one more value.
    private func longer(with part: Part) -> [UInt8] {
        var bytes: [UInt8] = []
        var kinds: [UInt8] = []
        for part in Array(parts) + [part] {
            part.appendPackedBytes(to: &bytes)
            kinds.append(part.kind.rawValue)
        }
        return bytes + kinds + [UInt8(kinds.count)]
    }

    /// The values from left to right.
    package var parts: Parts { Parts(self) }

    package struct Parts: Sequence, IteratorProtocol {
        private let concatenation: Concatenation
        private var position = 0
        private var offset = 0

        fileprivate init(_ concatenation: Concatenation) { self.concatenation = concatenation }

        package mutating func next() -> Part? {
            guard let kind = concatenation.kind(at: position) else { return nil }
            defer {
                position += 1
                offset += kind.packedLength
            }
            return concatenation.part(kind, at: offset)
        }
    }

    private func kind(at position: Int) -> PartKind? {
        switch storage {
        case .short(let short): return short.kind(at: position)
        case .long(let bytes):
            let count = Int(bytes[bytes.count - 1])
            return position < count ? PartKind(rawValue: bytes[bytes.count - 1 - count + position]) : nil
        }
    }

    private func part(_ kind: PartKind, at offset: Int) -> Part? {
        switch kind {
        case .ipv4Address: .address(address(.ipv4, at: offset))
        case .ipv6Address: .address(address(.ipv6, at: offset))
        case .transportProtocol:
            TransportProtocol(rawValue: UInt8(number(at: offset, bytes: 1))).map(Part.transportProtocol)
        case .port: Port(Int(number(at: offset, bytes: 2))).map(Part.port)
        case .ipv4Prefix: prefix(.ipv4, at: offset).map(Part.prefix)
        case .ipv6Prefix: prefix(.ipv6, at: offset).map(Part.prefix)
        }
    }

    private func address(_ family: IPFamily, at offset: Int) -> IPAddress {
        switch family {
        case .ipv4: IPAddress(ipv4: UInt32(number(at: offset, bytes: 4)))
        case .ipv6: IPAddress(ipv6High: number(at: offset, bytes: 8), low: number(at: offset + 8, bytes: 8))
        }
    }

    private func prefix(_ family: IPFamily, at offset: Int) -> Prefix? {
        Prefix(
            address(family, at: offset), length: Int(number(at: offset + family.addressBytes, bytes: 1)))
    }

    /// A number of up to eight packed bytes.
    private func number(at offset: Int, bytes count: Int) -> UInt64 {
        switch storage {
        case .short(let short): short.number(at: offset, bytes: count)
        case .long(let bytes): bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }
}

extension Concatenation: Comparable {
    /// By the values from left to right, where both are of the same kinds. Others have an order too, of no meaning.
    package static func < (left: Concatenation, right: Concatenation) -> Bool {
        switch (left.storage, right.storage) {
        case (.short(let one), .short(let other)): one < other
        case (.short, .long): true
        case (.long, .short): false
        case (.long(let one), .long(let other)): one.lexicographicallyPrecedes(other)
        }
    }

    /// Adds the packed values.
    func hash(into hash: inout StableHash) {
        switch storage {
        case .short(let short): short.hash(into: &hash)
        case .long(let bytes): hash.add(bytes: bytes)
        }
    }

    /// The short form; nil for a long one.
    var short: ShortConcatenation? {
        if case .short(let short) = storage { short } else { nil }
    }
}

extension Concatenation.Part {
    var kind: PartKind {
        switch self {
        case .address(let address): address.family == .ipv4 ? .ipv4Address : .ipv6Address
        case .transportProtocol: .transportProtocol
        case .port: .port
        case .prefix(let prefix): prefix.family == .ipv4 ? .ipv4Prefix : .ipv6Prefix
        }
    }

    fileprivate func appendPackedBytes(to bytes: inout [UInt8]) {
        switch self {
        case .address(let address): address.appendBytes(to: &bytes)
        case .transportProtocol(let transport): bytes.append(transport.rawValue)
        case .port(let port): bytes += [UInt8(port.number >> 8), UInt8(truncatingIfNeeded: port.number)]
        case .prefix(let prefix):
            prefix.address.appendBytes(to: &bytes)
            bytes.append(UInt8(prefix.length))
        }
    }
}
