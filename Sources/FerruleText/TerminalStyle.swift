// SPDX-License-Identifier: Apache-2.0

/// How a terminal shows a text. Raw values are the parameters of "select graphic rendition" (ECMA-48).
package enum TerminalStyle: String, Sendable {
    case bold = "1"
    case boldRed = "1;31"
    case boldYellow = "1;33"
    case red = "31"
    case green = "32"
    case yellow = "33"

    /// The text in this style, and what follows in none.
    package func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
