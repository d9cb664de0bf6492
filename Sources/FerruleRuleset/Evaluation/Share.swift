// SPDX-License-Identifier: Apache-2.0

/// Which part of all first packets something is true of: an exact fraction of at most one, in lowest terms.
package struct Share: Sendable, Hashable {
    package let numerator: UInt64
    package let denominator: UInt64

    /// All packets.
    package static let whole = Share(reducing: 1, 1)

    /// `count` of `total`, which is not zero.
    private init(reducing count: UInt64, _ total: UInt64) {
        let divisor = Share.greatestDivisor(count, total)
        (numerator, denominator) = (count / divisor, total / divisor)
    }

    /// nil unless some part is meant: `count` of `total`, neither of them less than one and the first not the greater.
    package init?(_ count: Int, of total: Int) {
        guard count > 0, total >= count else { return nil }
        self.init(reducing: UInt64(count), UInt64(total))
    }

    /// A part of a part; nil where the numbers grow too large.
    package static func * (left: Share, right: Share) -> Share? {
        let (count, isTooMuch) = left.numerator.multipliedReportingOverflow(by: right.numerator)
        let (total, isTooFine) = left.denominator.multipliedReportingOverflow(by: right.denominator)
        return isTooMuch || isTooFine ? nil : Share(reducing: count, total)
    }

    /// Both parts together; nil where the numbers grow too large.
    package static func + (left: Share, right: Share) -> Share? {
        let step = right.denominator / greatestDivisor(left.denominator, right.denominator)
        let (total, isTooFine) = left.denominator.multipliedReportingOverflow(by: step)
        guard !isTooFine else { return nil }
        let (one, oneIsTooMuch) = left.numerator.multipliedReportingOverflow(by: step)
        let (other, otherIsTooMuch) = right.numerator.multipliedReportingOverflow(by: total / right.denominator)
        let (sum, isTooMuch) = one.addingReportingOverflow(other)
        return oneIsTooMuch || otherIsTooMuch || isTooMuch ? nil : Share(reducing: sum, total)
    }

    /// The nearest number.
    package var value: Double { Double(numerator) / Double(denominator) }

    /// By Euclid.
    private static func greatestDivisor(_ one: UInt64, _ other: UInt64) -> UInt64 {
        var (one, other) = (one, other)
        while other > 0 { (one, other) = (other, one % other) }
        return max(one, 1)
    }
}

extension Share: Comparable, CustomStringConvertible {
    package static func < (left: Share, right: Share) -> Bool {
        left.numerator.multipliedFullWidth(by: right.denominator)
            < right.numerator.multipliedFullWidth(by: left.denominator)
    }

    /// `1/4`; `1` for all.
    package var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}
