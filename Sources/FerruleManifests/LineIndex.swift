// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleText
import FoundationEssentials

/// Lines and columns of a text.
///
/// The place of every few thousandth byte is noted once, as far as places are asked for, and others are counted from there:
/// a text of one line costs no more than one of many, in whatever order it is asked about.
struct LineIndex {
    /// The place of a byte; ``column`` counts Unicode scalars from 1.
    private struct Mark {
        var line: Int
        var column = 1
        var lineStart: Int
    }

    private static let stride = 4096
    /// Lines of so many bytes are quoted as a whole; of longer ones, so many bytes before and behind the column.
    private static let longLine = 200
    private static let quotedBefore = 30
    private static let quotedBehind = 50

    private let data: Data
    /// The byte of the first mark; nothing before it is asked for.
    private let start: Int
    private var marks: [Mark]

    /// The lines of a text.
    init(_ data: Data) {
        (self.data, start) = (data, 0)
        marks = [Mark(line: 1, lineStart: 0)]
    }

    /// The lines of a text from the start of a document on.
    init(_ data: Data, from document: TextDocument) {
        (self.data, start) = (data, document.offset)
        marks = [
            Mark(
                line: document.firstLine, column: document.scalarsBefore + 1,
                lineStart: document.offset - document.bytesBefore)
        ]
    }

    /// The place of a mark of a document, whose lines and columns, in Unicode scalars from 1, count from its start.
    mutating func location(ofLine line: Int, scalarColumn column: Int, in document: TextDocument) -> SourceLocation {
        location(
            ofLine: document.firstLine + line - 1, scalarColumn: column + (line == 1 ? document.scalarsBefore : 0))
    }

    /// The place of a byte.
    ///
    /// - Parameter part: of the text, outside of which nothing is quoted but blanks, brackets and commas; nil for all of it.
    mutating func location(ofOffset offset: Int, quoting part: Range<Int>? = nil) -> SourceLocation {
        let offset = max(start, min(offset, data.count))
        while marks.count <= (offset - start) / Self.stride { addMark() }
        let number = (offset - start) / Self.stride
        var mark = marks[number]
        advance(&mark, from: start + number * Self.stride, to: offset)
        return location(of: mark, at: offset, in: part.map(withFrame) ?? 0..<data.count)
    }

    /// A part of the text with the blanks, brackets and commas around it, as far as they may be quoted.
    private func withFrame(_ part: Range<Int>) -> Range<Int> {
        let text = data.span
        func isFrame(_ byte: UInt8) -> Bool { " \t\r,[]{}".utf8.contains(byte) }
        var (start, end) = (part.lowerBound, part.upperBound)
        while start > 0, part.lowerBound - start < Self.longLine, isFrame(text[start - 1]) { start -= 1 }
        while end < text.count, end - part.upperBound < Self.longLine, isFrame(text[end]) { end += 1 }
        return start..<end
    }

    /// The place of a column, in Unicode scalars from 1, of a line; the end of the line if it is shorter, and that of the
    /// text if it has fewer lines.
    mutating func location(ofLine line: Int, scalarColumn column: Int) -> SourceLocation {
        func isBehind(_ mark: Mark) -> Bool { (mark.line, mark.column) > (line, column) }
        while let last = marks.last, !isBehind(last), start + marks.count * Self.stride <= data.count { addMark() }
        let number = max(0, marks.indices.firstPlace { isBehind(marks[$0]) } - 1)
        var mark = marks[number]
        var offset = start + number * Self.stride
        let text = data.span
        while offset < text.count, mark.line < line || mark.line == line && mark.column < column {
            if mark.line == line, text[offset] == UInt8(ascii: "\n") { break }
            Self.advance(&mark, over: text[offset], at: offset)
            offset += 1
        }
        // A column is that of a scalar's first byte.
        while offset < text.count, Self.isContinuation(text[offset]) { offset += 1 }
        return location(of: mark, at: offset, in: 0..<data.count)
    }

    private mutating func addMark() {
        guard var mark = marks.last else { return }
        let offset = start + (marks.count - 1) * Self.stride
        advance(&mark, from: offset, to: min(offset + Self.stride, data.count))
        marks.append(mark)
    }

    private func advance(_ mark: inout Mark, from start: Int, to end: Int) {
        let text = data.span
        for offset in start..<max(start, end) { Self.advance(&mark, over: text[offset], at: offset) }
    }

    private static func advance(_ mark: inout Mark, over byte: UInt8, at offset: Int) {
        if byte == UInt8(ascii: "\n") {
            mark = Mark(line: mark.line + 1, lineStart: offset + 1)
        } else if !isContinuation(byte) {
            mark.column += 1
        }
    }

    /// Whether a byte of UTF-8 goes on with a scalar.
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

    private func location(of mark: Mark, at offset: Int, in part: Range<Int>) -> SourceLocation {
        let text = data.span
        var end = offset
        while !Self.isLineEnd(end, text), end - mark.lineStart <= Self.longLine || end - offset < Self.quotedBehind {
            end += 1
        }
        let isWhole = end - mark.lineStart <= Self.longLine
        var first = isWhole ? mark.lineStart : max(mark.lineStart, offset - Self.quotedBefore)
        if !isWhole { end = min(end, offset + Self.quotedBehind) }
        (first, end) = (max(first, min(part.lowerBound, offset)), min(end, max(part.upperBound, offset)))
        while first < offset, Self.isContinuation(text[first]) { first += 1 }
        while end > offset, end < text.count, Self.isContinuation(text[end]) { end -= 1 }
        let before = (first..<offset).count(where: { !Self.isContinuation(text[$0]) })
        let quote = String(decoding: data.dropFirst(first).prefix(end - first), as: UTF8.self)
        return SourceLocation(
            line: mark.line, column: mark.column, text: quote, textColumn: mark.column - before,
            goesOn: !Self.isLineEnd(end, text))
    }

    /// Whether nothing but a line break stands at a byte, or nothing at all.
    private static func isLineEnd(_ offset: Int, _ text: Span<UInt8>) -> Bool {
        guard offset < text.count, text[offset] != UInt8(ascii: "\n") else { return true }
        return text[offset] == UInt8(ascii: "\r")
            && (offset + 1 == text.count || text[offset + 1] == UInt8(ascii: "\n"))
    }
}
