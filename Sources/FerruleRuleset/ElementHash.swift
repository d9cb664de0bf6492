// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// A hash of an element, the same on every machine and every run. It is taken of numbers and not of text, since an apply
/// that changes one element takes it of all.
///
/// Two lanes of 64 bits: each word is put in by XOR, multiplied by an odd constant to 128 bits, and folded, the upper half
/// onto the lower, as in wyhash.
struct ElementHash {
    private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

    static func of(_ element: Element) -> UInt128 {
        var hash = ElementHash()
        hash.add(element.key)
        hash.add(element.value)
        hash.add(element.comment ?? "")
        // Once more, so that the last word changes every bit too.
        hash.add(0)
        return UInt128(hash.first) << 64 | UInt128(hash.second)
    }

    private mutating func add(_ word: UInt64) {
        func folded(_ state: UInt64, _ factor: UInt64) -> UInt64 {
            let product = (state ^ word).multipliedFullWidth(by: factor)
            return product.high ^ product.low
        }
        first = folded(first, 0xd6e8_feb8_6659_fd93)
        second = folded(second, 0xa076_1d64_78bd_642f)
    }

    /// The family is that of the table.
    private mutating func add(_ address: IPAddress) {
        if address.family == .ipv6 { add(address.high) }
        add(address.low)
    }

    /// Its length and its bytes, eight to a word.
    private mutating func add(_ text: String) {
        var word: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 { add(word) }
        }
        if count % 8 != 0 { add(word) }
        add(UInt64(count))
    }

    private mutating func add(_ key: ElementKey) {
        switch key {
        case .address(let address), .hairpin(let address): add(address)
        case .service(let address, let transport, let port):
            add(address)
            add(UInt64(transport.rawValue) << 16 | UInt64(port.number))
        case .port(let transport, let port): add(UInt64(transport.rawValue) << 16 | UInt64(port.number))
        case .prefix(let range):
            add(range.address)
            add(UInt64(range.length))
        case .serviceSource(let address, let transport, let port, let range):
            add(.service(address, transport, port))
            add(.prefix(range))
        }
    }

    private mutating func add(_ value: ElementValue) {
        switch value {
        case .none: break
        case .verdict(let verdict): add(verdict.description)
        case .address(let address): add(address)
        case .target(let address, let port), .remembered(let address, let port, _):
            add(address)
            add(UInt64(port.number))
        }
    }
}
