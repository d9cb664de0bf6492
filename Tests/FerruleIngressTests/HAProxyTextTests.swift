// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FerruleIngress

/// Whatever a text holds, it is one word of HAProxy's configuration.
struct HAProxyTextTests {
    @Test(
        "plain words stay, others are quoted, and what quotes do not hold is escaped",
        arguments: [
            ("/shop", "/shop"), ("", "''"), ("/a b", "'/a b'"), ("/it's", #"'/it'\x27's'"#), ("/a\nb", #"'/a'\x0a'b'"#),
            ("/é", #"'/'\xc3\xa9"#), (#"/"$X"#, #"'/"$X'"#), (#"/\n"#, #"'/\n'"#), ("/#", "'/#'"), ("/{x}", "'/{x}'"),
        ])
    func words(text: String, word: String) { #expect(HAProxyText.word(text.utf8) == word) }

    @Test("bytes that are no text are escaped too")
    func bytes() { #expect(HAProxyText.word([0x2f, 0xe9, 0x61]) == #"'/'\xe9'a'"#) }

    @Test("names keep what sections may be called, and differ where texts do")
    func names() {
        #expect(HAProxyText.name("shop.web-1:80") == "shop.web-1:80")
        let hostile = ["a b", "a_b", "a\nb", "a_20b", "a/b", "é", "a'b"]
        let names = hostile.map(HAProxyText.name)
        #expect(Set(names).count == hostile.count)
        let isPlain = names.joined().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        #expect(isPlain, "\(names)")
    }

    @Test("a comment is one line")
    func comments() { #expect(HAProxyText.comment("a\nglobal\u{1b}é") == "# a?global??") }
}
