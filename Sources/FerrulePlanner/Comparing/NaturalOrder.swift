// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether people would look for this text before another: numbers within count as numbers, so `svc-2` comes before
    /// `svc-10`. Texts that differ in leading zeros alone are in the order of their bytes.
    package func precedesNaturally(_ other: String) -> Bool {
        var (left, right) = (utf8[...], other.utf8[...])
        while let one = left.first, let two = right.first {
            if one.isDigit, two.isDigit {
                let (here, there) = (left.takeNumber(), right.takeNumber())
                if here.count != there.count { return here.count < there.count }
                if !here.elementsEqual(there) { return here.lexicographicallyPrecedes(there) }
            } else if one == two {
                left.removeFirst()
                right.removeFirst()
            } else {
                return one < two
            }
        }
        return left.isEmpty && right.isEmpty ? self < other : left.isEmpty
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Substring.UTF8View {
    /// Removes the digits at the start; what they are without leading zeros.
    fileprivate mutating func takeNumber() -> Substring.UTF8View {
        let digits = prefix(while: \.isDigit)
        removeFirst(digits.count)
        return digits.drop { $0 == UInt8(ascii: "0") }
    }
}
