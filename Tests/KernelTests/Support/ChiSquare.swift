// SPDX-License-Identifier: Apache-2.0

/// Pearson's statistic of counts against the shares that they should have.
struct ChiSquare {
    private let value: Double
    private let degrees: Double

    init(_ counts: [Int], _ shares: [Double]) {
        let total = Double(counts.reduce(0, +))
        value = zip(counts, shares).reduce(0) { sum, pair in
            let expected = pair.1 * total
            return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
        }
        degrees = Double(counts.count - 1)
    }

    /// Against equal shares.
    init(_ counts: [Int]) { self.init(counts, counts.map { _ in 1 / Double(counts.count) }) }

    /// Whether it is below what chance exceeds once in three million times, by Wilson and Hilferty: five standard deviations.
    var isLikely: Bool {
        let spread = 2 / (9 * degrees)
        let root = 1 - spread + 5 * spread.squareRoot()
        return value < degrees * root * root * root
    }
}
