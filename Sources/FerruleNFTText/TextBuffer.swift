// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleText

/// Output under construction. All text goes through here as bytes: a large ruleset has a million words, and a string
/// for each would take longer than the rest of the program.
struct TextBuffer {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func write(_ text: ArraySlice<UInt8>) { bytes.append(contentsOf: text) }

    mutating func write(_ byte: UInt8) { bytes.append(byte) }

    /// Writes a quoted string.
    mutating func writeJSONString(_ text: String) { bytes.appendJSONString(text.utf8.span) }

    mutating func write(_ address: IPAddress) { address.appendText(to: &bytes) }

    mutating func write(_ values: Concatenation) { values.appendText(to: &bytes) }

    mutating func write(_ verdict: Verdict) { verdict.appendText(to: &bytes) }

    /// Writes nothing for an element of a set.
    mutating func write(_ value: ElementValue) { value.appendText(to: &bytes) }

    mutating func write(_ port: Port) { appendDecimal(UInt64(port.number), to: &bytes) }

    /// Writes a number that is not negative in decimal.
    mutating func write(_ number: Int) { appendDecimal(UInt64(number), to: &bytes) }

    /// Writes blanks; none if the count is negative.
    mutating func writeBlanks(_ count: Int) {
        if count > 0 { bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count)) }
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    var count: Int { bytes.count }
}
