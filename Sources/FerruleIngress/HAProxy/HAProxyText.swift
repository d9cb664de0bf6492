// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// Texts as HAProxy's configuration has them (section 2.2 of its manual, "Quoting and escaping"), whatever they hold.
enum HAProxyText {
    /// One word that means a text of these bytes. Plain texts stand as they are, others in single quotes, where nothing is
    /// special; what cannot stand there is escaped outside of them. A word cannot hold a zero byte, which ends it.
    static func word(_ text: some Collection<UInt8>) -> String {
        if text.allSatisfy(isPlain) { return text.isEmpty ? "''" : String(decoding: text, as: UTF8.self) }
        var word = ""
        var isQuoted = false
        func setQuoted(_ wanted: Bool) {
            if wanted != isQuoted { word += "'" }
            isQuoted = wanted
        }
        for byte in text {
            if byte != UInt8(ascii: "'"), (0x20...0x7e).contains(byte) {
                setQuoted(true)
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                setQuoted(false)
                word += "\\x" + hexadecimal(byte, digits: 2)
            }
        }
        setQuoted(false)
        return word
    }

    /// The name of a section: letters, digits and `-.:` stay, and any other byte becomes `_` and its code, so that different
    /// texts stay different.
    static func name(_ text: String) -> String {
        text.utf8.reduce(into: "") { name, byte in
            if byte.isAlphanumeric || "-.:".utf8.contains(byte) {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                name += "_" + hexadecimal(byte, digits: 2)
            }
        }
    }

    /// A comment on one line, in ASCII.
    static func comment(_ text: String) -> String {
        "# " + text.unicodeScalars.reduce(into: "") { $0 += (" "..."~").contains($1) ? String($1) : "?" }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "-._~/:@%+=,*".utf8.contains(byte) }
}
