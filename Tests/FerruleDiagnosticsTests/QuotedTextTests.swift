// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Testing

@Suite("Quoted texts")
struct QuotedTextTests {
    @Test("a quoted value stays within its quotes and is not too long")
    func quotes() {
        #expect(quoted("a\"b\nc\\d") == #""a\"b\nc\\d""#)
        #expect(quoted(String(repeating: "x", count: 80)).count == 82)
        #expect(quoted(String(repeating: "x", count: 81)) == "\"" + String(repeating: "x", count: 77) + "...\"")
    }
}
