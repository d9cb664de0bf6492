// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Testing

/// Nothing that an input holds commands a terminal.
struct PrintableTextTests {
    @Test(
        "what commands a terminal or turns text round is written as an escape",
        arguments: [
            ("web-1 größe 日本 \u{1F680}", "web-1 größe 日本 \u{1F680}"), ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\nb\tc\rd\u{0}", "a\\nb\\tc\\rd\\u{0}"), ("\u{7f}\u{9b}31m", "\\u{7f}\\u{9b}31m"),
            ("\u{202e}txt\u{2066}\u{200b}\u{feff}", "\\u{202e}txt\\u{2066}\\u{200b}\\u{feff}"),
            ("\u{2028}\u{2029}\u{85}", "\\u{2028}\\u{2029}\\u{85}"), ("a\r\nb", "a\\r\\nb"),
        ])
    func escapes(text: String, expected: String) {
        #expect(text.printable == expected)
    }

    @Test("a quoted value stays within its quotes and is not too long")
    func quotes() {
        #expect(quoted("a\"b\nc\\d") == #""a\"b\nc\\d""#)
        #expect(quoted(String(repeating: "x", count: 80)).count == 82)
        #expect(quoted(String(repeating: "x", count: 81)) == "\"" + String(repeating: "x", count: 77) + "...\"")
    }

    @Test("thousands stand apart", arguments: [(0, "0"), (999, "999"), (9950, "9,950"), (-1_234_567, "-1,234,567")])
    func groups(number: Int, expected: String) {
        #expect(number.grouped == expected)
    }
}
