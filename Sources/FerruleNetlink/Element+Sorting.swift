// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

extension [Element] {
    /// In the order of their keys. The kernel lists a hash table in any order, and comparing keys as numbers makes sorting ten
    /// thousand elements a matter of a millisecond.
    func sortedByKey() -> [Element] {
        var order: [KeyNumber] = []
        order.reserveCapacity(count)
        for (index, element) in enumerated() {
            guard let number = KeyNumber(element.key, index) else { return sorted { $0.key < $1.key } }
            order.append(number)
        }
        order.sort()
        return order.map { self[$0.index] }
    }
}

/// A key as a number that sorts like it among keys of its set.
private struct KeyNumber: Comparable {
    private let address: UInt128
    private let port: UInt32
    let index: Int

    /// nil for ranges.
    init?(_ key: ElementKey, _ index: Int) {
        self.index = index
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
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}
