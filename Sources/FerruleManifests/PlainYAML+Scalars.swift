// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension PlainYAML {
    /// A scalar that starts here, in a block at a column, and the search for the line behind it.
    mutating func readScalar(above column: Int) throws(Unusual) {
        notePlace()
        switch text[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): try readQuoted(by: text[offset])
        case UInt8(ascii: "|"): return try readLiteral(above: column)
        case UInt8(ascii: "{"): try readEmpty(UInt8(ascii: "}"))
        case UInt8(ascii: "["): try readEmpty(UInt8(ascii: "]"))
        default: try readPlain()
        }
        skipBlanks()
        guard text[offset] == Self.newline else { throw Unusual() }
        offset += 1
        findLine()
    }

    /// `{}` or `[]`.
    private mutating func readEmpty(_ closing: UInt8) throws(Unusual) {
        guard text[offset + 1] == closing else { throw Unusual() }
        json += text[offset...offset + 1]
        offset += 2
    }

    /// A plain scalar, which here ends with its line: the line that follows must not be indented more, which whoever called
    /// finds out. What would make a key or a comment of a part of it is refused.
    private mutating func readPlain() throws(Unusual) {
        guard canStartPlain(offset) else { throw Unusual() }
        let start = offset
        while text[offset] != Self.newline {
            let next = text[offset + 1]
            if text[offset] == UInt8(ascii: ":"), next == Self.blank || next == Self.newline { throw Unusual() }
            if text[offset] == Self.blank, next == UInt8(ascii: "#") { throw Unusual() }
            offset += 1
        }
        var end = offset
        while text[end - 1] == Self.blank { end -= 1 }
        appendPlain(start..<end)
    }

    private func canStartPlain(_ offset: Int) -> Bool {
        switch text[offset] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "("), UInt8(ascii: "$"), UInt8(ascii: "+"), 0x80...0xff:
            true
        case UInt8(ascii: "-"):
            text[offset + 1] != Self.blank && text[offset + 1] != Self.newline
        default: false
        }
    }

    private mutating func appendPlain(_ range: Range<Int>) {
        if isDecimal(range) {
            json += text[range]
        } else if let literal = literal(range) {
            json += literal.utf8
        } else {
            appendQuoted(text[range])
        }
    }

    /// Whether a plain scalar is a number as JSON writes it too: the common case, ahead of the general one.
    private func isDecimal(_ range: Range<Int>) -> Bool {
        let digits = text[range]
        return digits.count <= 15 && (digits.first != UInt8(ascii: "0") || digits.count == 1)
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Whether a plain scalar is a number, true, false or null.
    func isLiteral(_ range: Range<Int>) -> Bool { literal(range) != nil }

    /// The JSON literal of a plain scalar. Only what cannot be one is told apart here, to spare most texts the search: words
    /// have at most five letters, and no number has two dots (addresses have three) or a colon.
    private func literal(_ range: Range<Int>) -> String? {
        switch text[range.lowerBound] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            var dots = 0
            for byte in text[range] {
                if byte == UInt8(ascii: ".") { dots += 1 }
                if byte == UInt8(ascii: ":") || dots == 2 { return nil }
            }
        default:
            guard range.count <= 5, "ynotfYNOTF".utf8.contains(text[range.lowerBound]) else { return nil }
        }
        return ScalarValue.literal(of: String(decoding: text[range], as: UTF8.self))
    }

    /// A scalar in quotes. A line break in it is a blank, and each further one a line break; blanks around them are nothing.
    private mutating func readQuoted(by quote: UInt8) throws(Unusual) {
        var content: [UInt8] = []
        offset += 1
        while true {
            guard offset < text.count else { throw Unusual() }
            let byte = text[offset]
            offset += 1
            switch byte {
            case quote:
                guard quote == UInt8(ascii: "'"), text[offset] == quote else { return appendQuoted(content[...]) }
                content.append(quote)
                offset += 1
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): try readEscape(into: &content)
            case Self.newline: try fold(into: &content)
            default: content.append(byte)
            }
        }
    }

    /// An escape behind whose backslash ``offset`` stands.
    private mutating func readEscape(into content: inout [UInt8]) throws(Unusual) {
        guard offset < text.count else { throw Unusual() }
        switch text[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(text[offset])
        case UInt8(ascii: "n"): content.append(Self.newline)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0d)
        default: throw Unusual()
        }
        offset += 1
    }

    /// Folds a line break within quotes, behind which ``offset`` stands.
    private mutating func fold(into content: inout [UInt8]) throws(Unusual) {
        while content.last == Self.blank { content.removeLast() }
        var breaks = 0
        while offset < text.count, text[offset] == Self.blank || text[offset] == Self.newline {
            if text[offset] == Self.newline { breaks += 1 }
            offset += 1
        }
        content += breaks == 0 ? [Self.blank] : Array(repeating: Self.newline, count: breaks)
    }

    /// Lines behind `|` or `|-`, as they stand. The first sets their column.
    private mutating func readLiteral(above column: Int) throws(Unusual) {
        offset += 1
        let isStripped = text[offset] == UInt8(ascii: "-")
        if isStripped { offset += 1 }
        guard text[offset] == Self.newline else { throw Unusual() }
        offset += 1
        let first = offset
        while offset < text.count, text[offset] == Self.blank { offset += 1 }
        let width = offset - first
        guard offset < text.count, text[offset] != Self.newline, width > column, width > 0 else { throw Unusual() }
        offset = first
        var content: [UInt8] = []
        while offset < text.count {
            var start = offset
            while start < offset + width, text[start] == Self.blank { start += 1 }
            guard start == offset + width || text[start] == Self.newline else { break }
            offset = start
            skipLine()
            content += text[start..<offset]
        }
        while content.last == Self.newline { content.removeLast() }
        if !isStripped { content.append(Self.newline) }
        appendQuoted(content[...])
        findLine()
    }

    private mutating func appendQuoted(_ content: ArraySlice<UInt8>) { json.appendJSONString(content.span) }
}
