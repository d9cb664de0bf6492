// SPDX-License-Identifier: Apache-2.0

/// A quantity as the API writes it (`resource.Quantity`): a number with a suffix, such as `3`, `"1k"` or `500m`.
package struct Quantity: Sendable, Hashable {
    /// As it was written; numbers without quotes as YAML and JSON have them.
    package let text: String

    package init(_ text: String) { self.text = text }

    /// The whole number that is meant; nil if it is none, or less than zero. What is larger than any number of objects is the
    /// largest number.
    package var count: Int? {
        let suffixStart = text.firstIndex { !"+-.0123456789".contains($0) } ?? text.endIndex
        var digits = text[..<suffixStart]
        if digits.first == "+" { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        let all = (parts.first ?? "") + fraction
        guard !all.isEmpty, all.allSatisfy({ $0.isASCII && $0.isNumber }), let scale = Self.scale(text[suffixStart...])
        else { return nil }
        let value = all.drop { $0 == "0" }
        guard !value.isEmpty else { return 0 }
        // More digits than these are more than can be counted, unless the suffix makes them few again.
        guard value.count <= 18, let number = Int(value) else { return fraction.isEmpty && scale.ten >= 0 ? .max : nil }
        return Self.product(number, ten: scale.ten - fraction.count, two: scale.two)
    }

    /// The powers of ten and two that a suffix stands for; nil if it is none.
    private static func scale(_ suffix: Substring) -> (ten: Int, two: Int)? {
        if let decimal = ["n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18][suffix] {
            return (decimal, 0)
        }
        if let binary = ["Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60][suffix] { return (0, binary) }
        guard suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst()),
            (-99...99).contains(exponent)
        else { return nil }
        return (exponent, 0)
    }

    /// A number times powers of ten and two; nil if that is no whole number.
    private static func product(_ number: Int, ten: Int, two: Int) -> Int? {
        var result = number
        for (factor, power) in [(2, two), (10, max(ten, 0))] {
            for _ in 0..<power {
                let (product, overflows) = result.multipliedReportingOverflow(by: factor)
                if overflows { return .max }
                result = product
            }
        }
        for _ in 0..<max(-ten, 0) {
            guard result % 10 == 0 else { return nil }
            result /= 10
        }
        return result
    }
}
