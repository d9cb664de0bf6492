// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleTestSupport
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// Places in texts of all shapes, told in any order.
struct LineIndexTests {
    /// A text of long and short lines, with characters of one to four bytes.
    private static let text: String = {
        var generator = SeededGenerator(seed: 1)
        let characters = ["a", "ö", "日", "\u{1F680}", "\r", "e\u{301}"]
        return (0..<60).map { number in
            let length = [0, 5, 150, 300, 9000][Int.random(in: 0..<5, using: &generator)]
            return (0..<length).map { _ in characters[Int.random(in: 0..<6, using: &generator)] }.joined()
        }.joined(separator: "\n")
    }()

    /// The lines of the text as Unicode scalars, and the bytes that they start at.
    private static let lines: [(start: Int, scalars: [Unicode.Scalar])] = {
        var start = 0
        return text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            defer { start += String(line).utf8.count + 1 }
            return (start, Array(line))
        }
    }()

    @Test("a byte and a column of a line are one place, in whatever order they are asked for")
    func places() {
        var generator = SeededGenerator(seed: 2)
        let data = Data(Self.text.utf8)
        let document = TextDocument(bytes: Data(), firstLine: 31, offset: Self.lines[30].start, form: .yaml)
        var (index, later) = (LineIndex(data), LineIndex(data, from: document))
        for _ in 0..<3000 {
            let line = Int.random(in: 1...Self.lines.count, using: &generator)
            let (start, scalars) = Self.lines[line - 1]
            let column = Int.random(in: 1...scalars.count + 1, using: &generator)
            let offset = start + scalars.prefix(column - 1).reduce(0) { $0 + UTF8.width($1) }
            let location = index.location(ofOffset: offset)
            #expect(location.line == line)
            #expect(location.column == column)
            #expect(index.location(ofLine: line, scalarColumn: column) == location)
            if line > 30 { #expect(later.location(ofOffset: offset) == location) }
            check(location, scalars)
        }
    }

    /// The quoted text is a part of the line that holds the column.
    private func check(_ location: FerruleDiagnostics.SourceLocation, _ line: [Unicode.Scalar]) {
        let text = Array(location.text.unicodeScalars)
        #expect(text.reduce(0) { $0 + UTF8.width($1) } <= 200)
        #expect(Array(line.dropFirst(location.textColumn - 1).prefix(text.count)) == text)
        #expect((location.textColumn...location.textColumn + text.count + 1).contains(location.column))
        let rest = line.count - (location.textColumn - 1) - text.count
        #expect(location.goesOn == (rest > (line.last == "\r" && rest == 1 ? 1 : 0)))
    }

    @Test("a place beyond the end is the end")
    func ends() {
        var index = LineIndex(Data("ab\nc".utf8))
        #expect(index.location(ofOffset: 99) == FerruleDiagnostics.SourceLocation(line: 2, column: 2, text: "c"))
        #expect(
            index.location(ofLine: 1, scalarColumn: 99)
                == FerruleDiagnostics.SourceLocation(line: 1, column: 3, text: "ab"))
        #expect(
            index.location(ofLine: 99, scalarColumn: 1)
                == FerruleDiagnostics.SourceLocation(line: 2, column: 2, text: "c"))
    }

    @Test("many places in one long line do not read it again and again")
    func longLine() {
        // Read from its start for each, this would be 20,000 million bytes.
        let data = Data(repeating: UInt8(ascii: "x"), count: 4 << 20)
        var index = LineIndex(data)
        let time = threadTime {
            let areRight = stride(from: 4 << 20, to: 0, by: -400).allSatisfy { offset in
                index.location(ofOffset: offset).column == offset + 1
            }
            #expect(areRight)
        }
        #expect(time < 30)
    }
}
