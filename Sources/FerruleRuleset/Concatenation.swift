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
    package enum Value: Sendable, Hashable {
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

    package init(_ values: some Sequence<Value>) {
        self.init()
        for value in values { append(value) }
    }

    init(_ short: ShortConcatenation) { storage = .short(short) }

    /// Packed bytes that are too many for the short form.
    init(long bytes: [UInt8], _ kinds: [ValueKind]) {
        storage = .long(bytes + kinds.map(\.rawValue) + [UInt8(kinds.count)])
    }

    package mutating func append(_ value: Value) {
        if case .short(var short) = storage, short.append(value) {
            storage = .short(short)
        } else {
            self = longer(with: value)
        }
    }

    /// The long form, with one more value.
    private func longer(with value: Value) -> Concatenation {
        var bytes: [UInt8] = []
        var kinds: [ValueKind] = []
        for value in Array(values) + [value] {
            value.appendPackedBytes(to: &bytes)
            kinds.append(value.kind)
        }
        return Concatenation(long: bytes, kinds)
    }

    /// The values from left to right.
    package var values: Values {
        switch storage {
        case .short(let short): Values(short)
        case .long(let bytes): Values(long: bytes)
        }
    }
}

extension Concatenation {
    /// The same values with the first address of each range in its place, and with the last.
    package var ends: (first: Concatenation, last: Concatenation) {
        var ends = (first: Concatenation(), last: Concatenation())
        for value in values {
            if case .prefix(let range) = value {
                ends.first.append(.address(range.address))
                ends.last.append(.address(range.lastAddress))
            } else {
                ends.first.append(value)
                ends.last.append(value)
            }
        }
        return ends
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

    /// The packed values.
    var packedBytes: [UInt8] {
        switch storage {
        case .short(var short): (0..<short.length).map { _ in UInt8(short.take(1)) }
        case .long(let bytes): Array(bytes.dropLast(1 + Int(bytes[bytes.count - 1])))
        }
    }

    /// The short form; nil for a long one.
    var short: ShortConcatenation? {
        if case .short(let short) = storage { short } else { nil }
    }
}

extension Concatenation.Value {
    var kind: ValueKind {
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
