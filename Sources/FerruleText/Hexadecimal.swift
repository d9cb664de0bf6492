// SPDX-License-Identifier: Apache-2.0

/// A number in hexadecimal digits, with zeros before it so that there are so many.
package func hexadecimal(_ number: some FixedWidthInteger & UnsignedInteger, digits count: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
}
