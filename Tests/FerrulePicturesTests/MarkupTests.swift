// SPDX-License-Identifier: Apache-2.0

import FerrulePictures
import Testing

struct MarkupTests {
    @Test("text and attributes are escaped, and what commands readers is spelt out")
    func escapes() {
        var markup = Markup(prologue: "")
        markup.line("a", [("b", "\"<&>\""), ("c", nil)], "</a>\u{1b}[31m\u{202e}\u{0}\u{ffff}\n]]>")
        #expect(
            markup.text
                == #"<a b="&quot;&lt;&amp;&gt;&quot;">&lt;/a&gt;\u{1b}[31m\u{202e}\u{0}"# + "\u{fffd}"
                + #"\n]]&gt;</a>"#)
    }
}
