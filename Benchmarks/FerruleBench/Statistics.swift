// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The middle value, or the mean of the two in the middle.
func median(_ values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// The value that a quarter of all stay below: what work takes when little else disturbs it.
func lowerQuartile(_ values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 4]
}

/// Millions of bytes with one decimal.
func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1_000_000) }

/// A number with one decimal.
func decimal(_ value: Double) -> String { String(format: "%.1f", value) }

/// Seconds as milliseconds with one decimal.
func milliseconds(_ seconds: Double) -> String { decimal(seconds * 1000) }
