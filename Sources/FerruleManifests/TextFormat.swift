// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a file is written in, told by its first bytes.
enum TextFormat: Equatable {
    case empty
    /// The first character that is not blank is `{` or `[`: it is JSON, or YAML in braces.
    case json
    case yaml
    /// Not UTF-8, but the encoding or compression named.
    case foreign(encoding: String)

    init(of data: Data) {
        let start = Array(data.prefix(4))
        if start.starts(with: Self.gzip) {
            self = .foreign(encoding: "compressed by gzip")
            return
        }
        if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) || start.contains(0) {
            // Most texts begin with a character of ASCII: of its bytes all but one are 0.
            let isUTF32 = Self.marksOfUTF32.contains(start) || start.count(where: { $0 == 0 }) > 2
            self = .foreign(encoding: isUTF32 ? "UTF-32" : "UTF-16")
            return
        }
        switch data.first(where: { !Self.blanks.contains($0) }) {
        case nil: self = .empty
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
        default: self = .yaml
        }
    }

    private static let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]

    /// U+FEFF in both orders of bytes.
    private static let marksOfUTF32: [[UInt8]] = [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]]

    /// What a member of a gzip file begins with (RFC 1952, section 2.3.1).
    private static let gzip: [UInt8] = [0x1f, 0x8b]

    /// U+FEFF in UTF-8.
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// The text without the byte order mark that some editors put before UTF-8.
    static func withoutByteOrderMark(_ data: Data) -> Data {
        data.starts(with: byteOrderMark) ? Data(data.dropFirst(3)) : data
    }

    /// The text without the byte order marks that stand at the start of a line, where such files have been joined. YAML
    /// allows them at the start of a document alone (YAML 1.2, section 5.2), and in JSON no text goes on beyond its line.
    static func withoutByteOrderMarks(_ data: Data) -> Data {
        let text = data.span
        var marks: [Int] = []
        for offset in text.indices where text[offset] == byteOrderMark[0] && offset + 2 < text.count {
            let isMark = text[offset + 1] == byteOrderMark[1] && text[offset + 2] == byteOrderMark[2]
            if isMark, offset == 0 || text[offset - 1] == UInt8(ascii: "\n") { marks.append(offset) }
        }
        guard !marks.isEmpty else { return data }
        var rest = Data(capacity: data.count)
        var start = 0
        for mark in marks {
            rest += data.dropFirst(start).prefix(mark - start)
            start = mark + byteOrderMark.count
        }
        return rest + data.dropFirst(start)
    }
}
