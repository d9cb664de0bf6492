// SPDX-License-Identifier: Apache-2.0

/// Writes a YAML document as JSON if it keeps to the part of YAML in which tools write manifests; nil for all other text.
///
/// That part is: printable UTF-8; mappings and lists in lines, with plain keys of letters, digits and `_./-`; scalars that
/// are plain within one line, in quotes with the escapes that JSON knows too, or behind `|` and `|-`; `{}` and `[]`; comments
/// on lines of their own. Within it the meaning of a line hangs on its indentation alone, so that one pass over the bytes does, which takes
/// a fraction of the time that a tree of nodes takes. Where anything is unusual, wrong or only doubtful the answer is nil,
/// and libyaml has the word: no message ever comes from here, and the JSON is byte for byte that of ``YAMLToJSON``.
struct PlainYAML {
    /// The way out of the part of YAML that is understood here.
    struct Unusual: Error {}

    /// Where a value starts, in the JSON and in the YAML.
    struct Place {
        let json: Int
        let text: Int
    }

    let text: [UInt8]
    /// The JSON text.
    var json: [UInt8] = []
    /// The places of all values, in order, if they are wanted.
    private var places: [Place] = []
    private let notesPlaces: Bool
    /// The next byte. Between two lines it stands on the first byte of a line's content.
    var offset = 0
    /// The column of ``offset`` if it stands on a line's content, -1 at the end of the text.
    private(set) var indent = 0
    private var depth = 0

    private static let depthLimit = 100
    /// More members are left to the tree, whose search for equal keys does not take the square of their number.
    private static let memberLimit = 100

    /// The JSON of a document that is UTF-8; nil if it is anything but plain.
    static func json(of text: [UInt8]) -> [UInt8]? { read(text, notesPlaces: false)?.json }

    /// The JSON of a document that is UTF-8, and where its values start in both texts.
    static func places(of text: [UInt8]) -> (json: [UInt8], places: [Place])? {
        read(text, notesPlaces: true).map { ($0.json, $0.places) }
    }

    private static func read(_ text: [UInt8], notesPlaces: Bool) -> PlainYAML? {
        guard text.last == newline, isPrintable(text.span) else { return nil }
        var reader = PlainYAML(text: text, notesPlaces: notesPlaces)
        reader.json.reserveCapacity(text.count)
        do throws(Unusual) {
            try reader.readDocument()
            return reader
        } catch {
            return nil
        }
    }

    private init(text: [UInt8], notesPlaces: Bool) { (self.text, self.notesPlaces) = (text, notesPlaces) }

    /// Whether all characters are printable in YAML (1.1, section 4.1.1) and none but the newline breaks lines.
    private static func isPrintable(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            switch text[index] {
            case 0x20...0x7e, newline: continue
            // Up to U+009F they are controls.
            case 0xc2 where index + 1 < text.count && text[index + 1] >= 0xa0: continue
            // U+2028 and U+2029 break lines; U+FEFF is the byte order mark, U+FFFE and U+FFFF are no characters.
            case 0xe2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xfe == 0xa8:
                return false
            case 0xef where index + 2 < text.count && text[index + 1] == 0xbb && text[index + 2] == 0xbf: return false
            case 0xef where index + 2 < text.count && text[index + 1] == 0xbf && text[index + 2] >= 0xbe: return false
            case 0x80...0xbf, 0xc3...0xf4: continue
            default: return false
            }
        }
        return true
    }

    /// Notes that a value starts here.
    mutating func notePlace() {
        if notesPlaces { places.append(Place(json: json.count, text: offset)) }
    }

    private mutating func readDocument() throws(Unusual) {
        if text.starts(with: "---\n".utf8) { offset = 4 }
        findLine()
        guard indent == 0 else { throw Unusual() }
        try readBlock(at: 0)
        guard indent == -1 else { throw Unusual() }
    }

    /// Goes to the content of the next line that has any; ``offset`` is at the start of a line.
    mutating func findLine() {
        while offset < text.count {
            let start = offset
            while text[offset] == Self.blank { offset += 1 }
            if text[offset] != Self.newline, text[offset] != UInt8(ascii: "#") {
                indent = offset - start
                return
            }
            skipLine()
        }
        indent = -1
    }

    /// Goes behind the end of the line. The text ends with one.
    mutating func skipLine() {
        while text[offset] != Self.newline { offset += 1 }
        offset += 1
    }

    /// A mapping or list whose first line has been found, with its content at a column.
    private mutating func readBlock(at column: Int) throws(Unusual) {
        depth += 1
        guard depth <= Self.depthLimit else { throw Unusual() }
        notePlace()
        if isEntry { try readList(at: column) } else { try readMapping(at: column) }
        depth -= 1
    }

    /// Whether a list entry with something behind its dash stands here.
    private var isEntry: Bool { text[offset] == UInt8(ascii: "-") && text[offset + 1] == Self.blank }

    private mutating func readList(at column: Int) throws(Unusual) {
        json.append(UInt8(ascii: "["))
        var isFirst = true
        repeat {
            if !isFirst { json.append(UInt8(ascii: ",")) }
            isFirst = false
            let dash = offset
            offset += 1
            skipBlanks()
            // What stands behind the dash is a block of its own, whose column is where it stands.
            if isEntry || keyEnd != nil {
                try readBlock(at: column + offset - dash)
            } else {
                try readScalar(above: column)
            }
            guard indent <= column else { throw Unusual() }
        } while indent == column && isEntry
        json.append(UInt8(ascii: "]"))
    }

    private mutating func readMapping(at column: Int) throws(Unusual) {
        json.append(UInt8(ascii: "{"))
        var keys: [Range<Int>] = []
        repeat {
            guard let end = keyEnd, keys.count < Self.memberLimit else { throw Unusual() }
            let key = offset..<end
            guard !isLiteral(key), !keys.contains(where: { text[$0] == text[key] }) else { throw Unusual() }
            if !keys.isEmpty { json.append(UInt8(ascii: ",")) }
            keys.append(key)
            json.append(UInt8(ascii: "\""))
            json += text[key]
            json += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            offset = end + 1
            try readValue(at: column)
            guard indent <= column else { throw Unusual() }
        } while indent == column
        json.append(UInt8(ascii: "}"))
    }

    /// The value of a key of a mapping at a column; ``offset`` is behind the colon.
    private mutating func readValue(at column: Int) throws(Unusual) {
        let colon = offset - 1
        skipBlanks()
        guard text[offset] == Self.newline else { return try readScalar(above: column) }
        let place = Place(json: json.count, text: colon + 1)
        offset += 1
        findLine()
        if indent > column {
            try readBlock(at: indent)
        } else if indent == column, isEntry {
            // A list may stand at the column of its key.
            try readBlock(at: column)
        } else {
            if notesPlaces { places.append(place) }
            json += "null".utf8
        }
    }

    /// Where the key that stands here ends, at its colon; nil if none does.
    private var keyEnd: Int? {
        var end = offset
        while Self.isKeyByte(text[end]) { end += 1 }
        guard end > offset, end - offset <= 128, text[offset] != UInt8(ascii: "-"), text[end] == UInt8(ascii: ":"),
            text[end + 1] == Self.blank || text[end + 1] == Self.newline
        else { return nil }
        return end
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    mutating func skipBlanks() {
        while text[offset] == Self.blank { offset += 1 }
    }

    static let blank = UInt8(ascii: " ")
    static let newline = UInt8(ascii: "\n")
}
