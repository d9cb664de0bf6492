// SPDX-License-Identifier: Apache-2.0

import FerruleText
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
}
