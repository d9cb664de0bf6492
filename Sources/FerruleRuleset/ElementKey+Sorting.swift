// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension [ElementKey] {
    /// Their positions in ascending order; of equal keys the first comes first. Comparing keys as numbers makes sorting ten
    /// thousand of them a matter of a millisecond.
    package var ascendingPositions: [Int] {
        var order: [KeyNumber] = []
        order.reserveCapacity(count)
        for (index, key) in enumerated() {
            guard let number = KeyNumber(key, index) else {
                return indices.sorted { self[$0] == self[$1] ? $0 < $1 : self[$0] < self[$1] }
            }
            order.append(number)
        }
        order.sort()
        return order.map(\.index)
    }
}

/// A key as a number that sorts like it among keys of its set.
private struct KeyNumber: Comparable {
    private let address: UInt128
    private let port: UInt32
    private let position: UInt32

    var index: Int { Int(position) }

    /// nil for ranges.
    init?(_ key: ElementKey, _ index: Int) {
        position = UInt32(index)
        switch key {
        case .address(let address), .hairpin(let address): (self.address, port) = (address.bits, 0)
        case .service(let address, let transport, let port):
            self.address = address.bits
            self.port = UInt32(transport.rawValue) << 16 | UInt32(port.number)
        case .port(let transport, let port):
            address = 0
            self.port = UInt32(transport.rawValue) << 16 | UInt32(port.number)
        case .prefix, .serviceSource: return nil
        }
    }

    static func < (left: KeyNumber, right: KeyNumber) -> Bool {
        if left.address != right.address { return left.address < right.address }
        return left.port == right.port ? left.position < right.position : left.port < right.port
    }
}
