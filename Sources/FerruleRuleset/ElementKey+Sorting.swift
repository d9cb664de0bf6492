// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension [ElementKey] {
    /// Their positions in ascending order; of equal keys the first comes first. Keys are compared as numbers, as short ones as
    /// will do: the kernel lists a hundred thousand elements in any order.
    package var ascendingPositions: [Int] {
        positions { $0.shortNumber } ?? positions { $0.number }
            ?? indices.sorted { self[$0] == self[$1] ? $0 < $1 : self[$0] < self[$1] }
    }

    /// nil where a key has no number.
    private func positions<Number: Comparable>(by number: (ElementKey) -> Number?) -> [Int]? {
        var order: [Place<Number>] = []
        order.reserveCapacity(count)
        for position in indices {
            guard let number = number(self[position]) else { return nil }
            order.append(Place(number: number, position: UInt32(position)))
        }
        order.sort()
        return order.map { Int($0.position) }
    }
}

/// Where a key stands that has a number.
private struct Place<Number: Comparable>: Comparable {
    let number: Number
    let position: UInt32

    static func < (left: Place, right: Place) -> Bool {
        left.number == right.number ? left.position < right.position : left.number < right.number
    }
}

/// A number of more than 128 bits.
private struct LongNumber: Comparable {
    let high: UInt128
    let low: UInt64

    static func < (left: LongNumber, right: LongNumber) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension ElementKey {
    /// A number that sorts like the key among keys of its set; nil for ranges, and where it would be longer.
    fileprivate var shortNumber: UInt64? {
        switch self {
        case .address(let address), .hairpin(let address): address.family == .ipv4 ? address.low : nil
        case .service(let address, let transport, let port):
            address.family == .ipv4 ? address.low << 24 | UInt64(transportNumber(transport, port)) : nil
        case .port(let transport, let port): UInt64(transportNumber(transport, port))
        case .prefix, .serviceSource: nil
        }
    }

    /// The same without regard to length.
    fileprivate var number: LongNumber? {
        switch self {
        case .address(let address), .hairpin(let address): LongNumber(high: address.bits, low: 0)
        case .service(let address, let transport, let port):
            LongNumber(high: address.bits, low: UInt64(transportNumber(transport, port)))
        case .port(let transport, let port): LongNumber(high: 0, low: UInt64(transportNumber(transport, port)))
        case .prefix, .serviceSource: nil
        }
    }
}

/// Protocol and port in 24 bits.
private func transportNumber(_ transport: TransportProtocol, _ port: Port) -> UInt32 {
    UInt32(transport.rawValue) << 16 | UInt32(port.number)
}
