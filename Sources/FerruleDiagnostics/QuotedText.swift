// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension String {
    /// The text, or of a longer one the start: whatever stands in messages has a length, since there may be many of them.
    package func brief(_ limit: Int = 80) -> String {
        let isLong = utf8.count > limit && unicodeScalars.dropFirst(limit).first != nil
        return isLong ? String(unicodeScalars.prefix(limit - 3)) + "..." : self
    }
}

/// A text of an input as a message quotes it: in quotes, printable and brief; quotes and backslashes within have a backslash.
package func quoted(_ text: String) -> String {
    text.brief().unicodeScalars.reduce(into: "\"") { quoted, scalar in
        if scalar == "\"" || scalar == "\\" { quoted += "\\" }
        quoted += String(scalar).printable
    } + "\""
}
