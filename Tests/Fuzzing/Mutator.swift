// SPDX-License-Identifier: Apache-2.0

internal import FerruleTestSupport

/// Changes texts of definitions in the ways in which they go wrong: cut short, joined, with lines moved, with other values, and
/// with single bytes damaged.
package struct Mutator {
    private var generator: SeededGenerator
    private let texts: [[UInt8]]

    /// What a value is changed to: the ends of ranges, other types, and what means something to a parser or a terminal.
    private static let values: [[UInt8]] = [
        "0", "-1", "65535", "65536", "2147483648", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616",
        "1e400", "0x7f", "1_0", "null", "~", "true", "\"\"", "''", "[]", "{}", "[1]", "{a: b}", "None", "0.0.0.0", "::",
        "::ffff:10.0.0.1", "fd00::1", "10.0.0.0/0", "fd00::/129", "255.255.255.255/32", "|\n", ">-\n", "&a", "*a",
        "<<: *a",
        "!!binary", "? ", "---\n", "...\n", "%YAML 9.9\n", "\u{feff}", "\u{1b}[31m", "\u{202e}", "\"\\ud800\"", "\0",
        "{{ x }}",
        "metadata:", "items:", "List", "continue: x", "spec:\n",
    ].map { Array($0.utf8) }

    /// - Parameter texts: texts that are right.
    package init(_ texts: [[UInt8]], seed: UInt64) {
        (self.texts, generator) = (texts, SeededGenerator(seed: seed))
    }

    /// The next text.
    package mutating func next() -> [UInt8] {
        var text = texts.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &generator) where !text.isEmpty { change(&text) }
        return text
    }

    private mutating func change(_ text: inout [UInt8]) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: text[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: text.remove(at: index)
        case 2:
            text.insert(Array("{}[]:,\"'-&*!|>%@`#?\t\n\r\\ 0".utf8).randomElement(using: &generator) ?? 0, at: index)
        case 3: text.removeLast(text.count - index)
        case 4: text.insert(contentsOf: value(), at: index)
        case 5: text.replaceSubrange(word(around: index, in: text), with: value())
        case 6: text.removeSubrange(line(around: index, in: text))
        case 7:
            text.insert(
                contentsOf: text[line(around: index, in: text)], at: line(around: anyIndex(text), in: text).lowerBound)
        default:
            text.insert(
                contentsOf: texts.randomElement(using: &generator) ?? [], at: line(around: index, in: text).lowerBound)
        }
        // Splicing must not make texts longer and longer.
        if text.count > 1 << 15 { text.removeLast(text.count - 1 << 15) }
    }

    private mutating func value() -> [UInt8] { Self.values.randomElement(using: &generator) ?? [] }

    private mutating func anyIndex(_ text: [UInt8]) -> Int { Int.random(in: 0..<text.count, using: &generator) }

    private func word(around index: Int, in text: [UInt8]) -> Range<Int> {
        part(around: index, in: text) { " \n,[]{}\"".utf8.contains($0) }
    }

    private func line(around index: Int, in text: [UInt8]) -> Range<Int> {
        part(around: index, in: text) { $0 == UInt8(ascii: "\n") }
    }

    private func part(around index: Int, in text: [UInt8], isEnd: (UInt8) -> Bool) -> Range<Int> {
        let start = text[..<index].lastIndex(where: isEnd).map { $0 + 1 } ?? 0
        let end = text[index...].firstIndex(where: isEnd).map { $0 + 1 } ?? text.count
        return min(start, end)..<end
    }
}
