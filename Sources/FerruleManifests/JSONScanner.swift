// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Why a text is not JSON (RFC 8259).
struct JSONSyntaxError: Error {
    /// The byte where it was noticed.
    let offset: Int
    let message: String
    /// Whether a text that goes on like this may be YAML in braces, which needs no quotes and knows comments.
    var mayBeYAML = false
}

/// Walks over JSON text without making values of it: to find out where it is wrong, or where a field stands.
struct JSONScanner {
    /// Deeper documents are refused, so that none can exhaust the stack; Foundation's decoder has the same limit.
    private static let depthLimit = 512

    /// The byte that comes next.
    private(set) var offset = 0
    private var depth = 0

    init(offset: Int = 0) { self.offset = offset }

    /// The next byte that is not blank; nil at the end.
    mutating func peek(_ text: Span<UInt8>) -> UInt8? {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0a, 0x0d: offset += 1
            default: return text[offset]
            }
        }
        return nil
    }

    /// Passes over one value of any kind.
    mutating func skipValue(_ text: Span<UInt8>) throws(JSONSyntaxError) {
        switch peek(text) {
        case UInt8(ascii: "{"):
            try forEachMember(text) { scanner, _ throws(JSONSyntaxError) in
                try scanner.skipValue(text)
                return true
            }
        case UInt8(ascii: "["):
            try forEachElement(text) { scanner, _ throws(JSONSyntaxError) in
                try scanner.skipValue(text)
                return true
            }
        case UInt8(ascii: "\""): try skipString(text)
        case UInt8(ascii: "t"): try skipWord("true", text)
        case UInt8(ascii: "f"): try skipWord("false", text)
        case UInt8(ascii: "n"): try skipWord("null", text)
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): try skipNumber(text)
        default: throw unexpected("a value", text)
        }
    }

    /// Visits the members of the object that comes next, with the bytes between the quotes of each key, and stands on the
    /// value then. The visitor passes over the value, or ends the walk with false.
    mutating func forEachMember(
        _ text: Span<UInt8>, _ visit: (inout JSONScanner, Range<Int>) throws(JSONSyntaxError) -> Bool
    ) throws(JSONSyntaxError) {
        try enter(text)
        if peek(text) == UInt8(ascii: "}") { return leave() }
        while true {
            guard peek(text) == UInt8(ascii: "\"") else { throw unexpected("a key in quotes", text) }
            let key = offset + 1
            try skipString(text)
            let keyEnd = offset - 1
            guard peek(text) == UInt8(ascii: ":") else { throw unexpected("\":\"", text) }
            offset += 1
            _ = peek(text)
            guard try visit(&self, key..<keyEnd) else { return }
            switch peek(text) {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"): return leave()
            default: throw unexpected("\",\" or \"}\"", text)
            }
        }
    }

    /// Visits the elements of the list that comes next, as ``forEachMember(_:_:)`` does.
    mutating func forEachElement(
        _ text: Span<UInt8>, _ visit: (inout JSONScanner, Int) throws(JSONSyntaxError) -> Bool
    ) throws(JSONSyntaxError) {
        try enter(text)
        if peek(text) == UInt8(ascii: "]") { return leave() }
        var index = 0
        while true {
            _ = peek(text)
            guard try visit(&self, index) else { return }
            index += 1
            switch peek(text) {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"): return leave()
            default: throw unexpected("\",\" or \"]\"", text)
            }
        }
    }

    private mutating func enter(_ text: Span<UInt8>) throws(JSONSyntaxError) {
        depth += 1
        guard depth <= Self.depthLimit else {
            throw JSONSyntaxError(offset: offset, message: "the text is nested too deeply")
        }
        offset += 1
    }

    private mutating func leave() {
        offset += 1
        depth -= 1
    }

    private mutating func skipString(_ text: Span<UInt8>) throws(JSONSyntaxError) {
        let start = offset
        offset += 1
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"):
                guard offset + 1 < text.count, Self.escapes.contains(text[offset + 1]) else {
                    throw JSONSyntaxError(offset: offset, message: "this escape is not known to JSON")
                }
                offset += 2
            case 0..<0x20: throw JSONSyntaxError(offset: offset, message: "a string must not go on beyond its line")
            default: offset += 1
            }
        }
        throw JSONSyntaxError(offset: start, message: "the quote that opens this string is never closed")
    }

    private static let escapes = Array("\"\\/bfnrtu".utf8)

    private mutating func skipWord(_ word: StaticString, _ text: Span<UInt8>) throws(JSONSyntaxError) {
        for byte in Array("\(word)".utf8) {
            guard offset < text.count, text[offset] == byte else { throw unexpected(String(describing: word), text) }
            offset += 1
        }
    }

    private mutating func skipNumber(_ text: Span<UInt8>) throws(JSONSyntaxError) {
        let start = offset
        if text[offset] == UInt8(ascii: "-") { offset += 1 }
        let digits = skipDigits(text)
        if digits == 0 || (digits > 1 && text[offset - digits] == UInt8(ascii: "0")) { throw Self.notNumber(start) }
        if offset < text.count, text[offset] == UInt8(ascii: ".") {
            offset += 1
            if skipDigits(text) == 0 { throw Self.notNumber(start) }
        }
        if offset < text.count, text[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < text.count, text[offset] == UInt8(ascii: "+") || text[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            if skipDigits(text) == 0 { throw Self.notNumber(start) }
        }
    }

    private static func notNumber(_ start: Int) -> JSONSyntaxError {
        JSONSyntaxError(offset: start, message: "this is not a number in JSON", mayBeYAML: true)
    }

    private mutating func skipDigits(_ text: Span<UInt8>) -> Int {
        let start = offset
        while offset < text.count, Self.isDigit(text[offset]) { offset += 1 }
        return offset - start
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// What stands here instead of what should.
    private mutating func unexpected(_ expected: String, _ text: Span<UInt8>) -> JSONSyntaxError {
        guard let byte = peek(text) else {
            return JSONSyntaxError(offset: offset, message: "the text ends where \(expected) should follow")
        }
        let found =
            switch byte {
            case UInt8(ascii: "\""): "a string"
            case 0x21...0x7e: "\"\(Character(Unicode.Scalar(byte)))\""
            default: "a special character"
            }
        return JSONSyntaxError(
            offset: offset, message: "\(found) stands where \(expected) should be",
            mayBeYAML: !"\":,{[".utf8.contains(byte))
    }
}
