// SPDX-License-Identifier: Apache-2.0

extension String {
    /// The text on one line and without what would command a terminal or change the order of what is read: control and format
    /// characters (general categories Cc, Cf, Zl and Zp of Unicode) become escapes such as `\u{1b}`, line breaks `\n`.
    ///
    /// For every text that comes from an input or a kernel and that people are to read.
    package var printable: String {
        if utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case _ where scalar.isInvisible: text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
