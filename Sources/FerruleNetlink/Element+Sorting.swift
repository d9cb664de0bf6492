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
    /// Protocol, port and slot.
    private let rest: UInt64
    let index: Int

    /// nil for ranges.
    init?(_ key: ElementKey, _ index: Int) {
        self.index = index
        switch key {
        case .address(let address), .hairpin(let address): (self.address, rest) = (address.bits, 0)
        case .service(let address, let transport, let port):
            (self.address, rest) = (address.bits, KeyNumber.rest(transport, port))
        case .port(let transport, let port):
            (address, rest) = (0, KeyNumber.rest(transport, port))
        case .slot(let slot, let address, let transport, let port):
            (self.address, rest) = (address?.bits ?? 0, KeyNumber.rest(transport, port, slot))
        case .prefix, .serviceSource: return nil
        }
    }

    private static func rest(_ transport: TransportProtocol, _ port: Port, _ slot: UInt16 = 0) -> UInt64 {
        UInt64(transport.rawValue) << 32 | UInt64(port.number) << 16 | UInt64(slot)
    }

    static func < (left: KeyNumber, right: KeyNumber) -> Bool {
        left.address == right.address ? left.rest < right.rest : left.address < right.address
    }
}
