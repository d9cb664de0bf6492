// SPDX-License-Identifier: Apache-2.0

/// Appends a number in decimal ASCII.
package func appendDecimal(_ number: UInt64, to text: inout [UInt8]) {
    if number >= 10 { appendDecimal(number / 10, to: &text) }
    text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
}
