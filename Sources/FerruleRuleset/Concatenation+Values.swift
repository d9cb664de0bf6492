// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension Concatenation {
    /// Takes the values off the left end, one by one.
    package struct Values: Sequence, IteratorProtocol {
        private var short: ShortConcatenation
        /// What is left of a long one.
        private var long: (bytes: ArraySlice<UInt8>, kinds: ArraySlice<UInt8>)?

        init(_ short: ShortConcatenation) { self.short = short }

        /// - Parameter bytes: the packed values, a byte for the kind of each, and their number.
        init(long bytes: [UInt8]) {
            short = ShortConcatenation()
            let kinds = bytes.dropLast().suffix(Int(bytes[bytes.count - 1]))
            long = (bytes[..<kinds.startIndex], kinds)
        }

        package mutating func next() -> Value? { long == nil ? short.removeFirst() : removeFirstOfLong() }

        private mutating func removeFirstOfLong() -> Value? {
            guard let kind = long?.kinds.popFirst().flatMap(ValueKind.init(rawValue:)) else { return nil }
            switch kind {
            case .ipv4Address: return address(.ipv4).map(Value.address)
            case .ipv6Address: return address(.ipv6).map(Value.address)
            case .transportProtocol: return TransportProtocol(rawValue: UInt8(number(1))).map(Value.transportProtocol)
            case .port: return Port(number(2)).map(Value.port)
            case .ipv4Prefix: return prefix(.ipv4)
            case .ipv6Prefix: return prefix(.ipv6)
            }
        }

        private mutating func address(_ family: IPFamily) -> IPAddress? {
            guard let bytes = long?.bytes.prefix(family.addressBytes) else { return nil }
            long?.bytes.removeFirst(bytes.count)
            return IPAddress(family, networkBytes: bytes.span)
        }

        private mutating func prefix(_ family: IPFamily) -> Value? {
            let address = address(family)
            let length = number(1)
            return address.flatMap { Prefix($0, length: length) }.map(Value.prefix)
        }

        private mutating func number(_ count: Int) -> Int {
            (0..<count).reduce(0) { number, _ in number << 8 | Int(long?.bytes.popFirst() ?? 0) }
        }
    }
}

extension ShortConcatenation {
    /// The first value, which is gone then; nil where there is none.
    fileprivate mutating func removeFirst() -> Concatenation.Value? {
        switch takeKind() {
        case nil: nil
        case .ipv4Address: .address(IPAddress(ipv4: UInt32(truncatingIfNeeded: take(4))))
        case .ipv6Address: .address(takeIPv6Address())
        case .transportProtocol:
            TransportProtocol(rawValue: UInt8(truncatingIfNeeded: take(1))).map(Concatenation.Value.transportProtocol)
        case .port: Port(Int(take(2))).map(Concatenation.Value.port)
        case .ipv4Prefix: prefix(of: IPAddress(ipv4: UInt32(truncatingIfNeeded: take(4))))
        case .ipv6Prefix: prefix(of: takeIPv6Address())
        }
    }

    private mutating func takeIPv6Address() -> IPAddress {
        let (high, low) = (takeWord(), takeWord())
        return IPAddress(ipv6High: high, low: low)
    }

    private mutating func prefix(of address: IPAddress) -> Concatenation.Value? {
        Prefix(address, length: Int(take(1))).map(Concatenation.Value.prefix)
    }
}
