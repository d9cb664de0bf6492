// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FoundationEssentials

/// Lines and columns of a text. Places are mostly asked for in rising order, so that it goes on from the last one.
struct LineIndex {
    private let data: Data
    /// The start of the line that was asked for last.
    private var last: (line: Int, offset: Int)

    /// The lines of a text, asked for from the start of a line on, as a rule.
    init(_ data: Data, from start: (line: Int, offset: Int) = (1, 0)) {
        self.data = data
        last = start
    }

    /// The place of a byte.
    mutating func location(ofOffset offset: Int) -> SourceLocation {
        let data = data
        let text = data.span
        let offset = min(offset, text.count)
        if offset < last.offset { last = (1, 0) }
        for index in last.offset..<offset where text[index] == UInt8(ascii: "\n") {
            last = (last.line + 1, index + 1)
        }
        let column = String(decoding: data.dropFirst(last.offset).prefix(offset - last.offset), as: UTF8.self).count + 1
        return SourceLocation(line: last.line, column: column, text: lineText())
    }

    /// The place of a column, in Unicode scalars from 1, of a line.
    mutating func location(ofLine line: Int, scalarColumn: Int) -> SourceLocation {
        let data = data
        let text = data.span
        if line < last.line { last = (1, 0) }
        var index = last.offset
        while last.line < line, index < text.count {
            if text[index] == UInt8(ascii: "\n") { last = (last.line + 1, index + 1) }
            index += 1
        }
        let lineText = lineText()
        let column = String(String.UnicodeScalarView(lineText.unicodeScalars.prefix(scalarColumn - 1))).count + 1
        return SourceLocation(line: last.line, column: column, text: lineText)
    }

    private func lineText() -> String {
        let line = data.dropFirst(last.offset).prefix { $0 != UInt8(ascii: "\n") }
        return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
}
