// SPDX-License-Identifier: Apache-2.0

/// A hash that is the same on every machine and every run, unlike Swift's own.
///
/// Two lanes of 64 bits: each word is put in by XOR, multiplied by an odd constant to 128 bits, and folded, the upper half
/// onto the lower, as in wyhash.
struct StableHash {
    private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

    /// Of what has been added so far.
    var value: UInt128 {
        // Once more, so that the last word changes every bit too.
        var hash = self
        hash.add(0)
        return UInt128(hash.first) << 64 | UInt128(hash.second)
    }

    mutating func add(_ word: UInt64) {
        func folded(_ state: UInt64, _ factor: UInt64) -> UInt64 {
            let product = (state ^ word).multipliedFullWidth(by: factor)
            return product.high ^ product.low
        }
        first = folded(first, 0xd6e8_feb8_6659_fd93)
        second = folded(second, 0xa076_1d64_78bd_642f)
    }

    /// Adds a text's bytes, eight to a word, and their number.
    mutating func add(_ text: String) { add(bytes: text.utf8) }

    mutating func add(bytes: some Sequence<UInt8>) {
        var word: UInt64 = 0
        var count = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 { add(word) }
        }
        if count % 8 != 0 { add(word) }
        add(UInt64(count))
    }
}

extension StableHash {
    /// Elements are hashed as numbers and not as text, since an apply that changes one element hashes all of them.
    mutating func add(_ element: Element) {
        element.key.hash(into: &self)
        switch element.value {
        case .none: break
        case .verdict(let verdict): add(verdict.description)
        case .data(let data), .expiring(let data, _): data.hash(into: &self)
        }
        add(element.comment ?? "")
    }
}
