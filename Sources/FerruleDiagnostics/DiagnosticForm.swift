// SPDX-License-Identifier: Apache-2.0

/// What a diagnostic has in common with others that say the same of other objects and values.
///
/// Left out are: which object it is, positions in lists, and of the message what stands in quotes and all words that are no
/// plain words, such as numbers, addresses and names of objects.
package struct DiagnosticForm: Sendable, Hashable {
    /// A digest of what is left: diagnostics can be so many that keeping their words would take more memory than the input.
    private let digest: Int

    package init(_ diagnostic: Diagnostic) {
        var hasher = Hasher()
        hasher.combine(diagnostic.severity)
        diagnostic.object?.utf8.prefix { $0 != UInt8(ascii: " ") }.forEach { hasher.combine($0) }
        for case .key(let key) in diagnostic.field.steps { hasher.combine(key) }
        Self.combine(diagnostic.message, into: &hasher)
        digest = hasher.finalize()
    }

    private static func combine(_ message: String, into hasher: inout Hasher) {
        var word: [UInt8] = []
        var (isPlain, isQuoted, isEscaped) = (true, false, false)
        for byte in message.utf8 {
            if isQuoted {
                isQuoted = byte != UInt8(ascii: "\"") || isEscaped
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if byte == UInt8(ascii: "\"") {
                (isQuoted, isPlain) = (true, false)
            } else if byte == UInt8(ascii: " ") {
                if isPlain { word.forEach { hasher.combine($0) } }
                word.removeAll(keepingCapacity: true)
                isPlain = true
            } else {
                isPlain = isPlain && Self.isPlain(byte)
                word.append(byte)
            }
        }
        if isPlain { word.forEach { hasher.combine($0) } }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: ","),
            UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "'"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
