// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleCLI

struct LineWrappingTests {
    @Test("lines are broken between words where they are too long, and the rest is indented")
    func breaks() {
        let wrapping = LineWrapping(width: 20)
        #expect(wrapping.lines("short", indent: 4) == ["short"])
        #expect(wrapping.lines("exactly twenty chars", indent: 4) == ["exactly twenty chars"])
        #expect(
            wrapping.lines("  ! one two three four five six", indent: 8) == [
                "  ! one two three", "        four five", "        six",
            ])
        #expect(
            wrapping.lines("a-word-that-is-longer-than-the-line b", indent: 4) == [
                "a-word-that-is-longer-than-the-line", "    b",
            ])
    }

    @Test("a sign stays with the address that it is about")
    func signs() {
        let text = "endpoints 3 -> 2 (- 10.244.1.12:7070, + 10.244.1.13:7070)"
        for width in 20...60 {
            let lines = LineWrapping(width: width).lines(text, indent: 2)
            #expect(!lines.contains { $0.hasSuffix("-") || $0.hasSuffix("+") }, "\(width): \(lines)")
            #expect(lines.joined(separator: " ").split(separator: " ") == text.split(separator: " "))
        }
    }

    @Test("without a width no line is broken")
    func unbroken() {
        let text = String(repeating: "word ", count: 200)
        #expect(LineWrapping(width: nil).lines(text, indent: 4) == [text])
    }
}
