// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

struct UnifiedDiffTests {
    @Test("equal texts have no difference")
    func equalTexts() {
        #expect(UnifiedDiff("a\nb\n", "a\nb\n").description == "")
    }

    @Test("a changed line is shown with three lines around it")
    func changedLine() {
        let old = (1...12).map { "\($0)\n" }.joined()
        let new = old.replacing("6\n", with: "six\n")
        #expect(
            UnifiedDiff(old, new).description == """
                --- expected
                +++ actual
                @@ -3,7 +3,7 @@
                 3
                 4
                 5
                -6
                +six
                 7
                 8
                 9

                """)
    }

    @Test("distant changes get hunks of their own, near ones share one")
    func hunks() {
        let old = (1...40).map { "\($0)\n" }.joined()
        let near = old.replacing("\n10\n", with: "\nten\n").replacing("\n14\n", with: "\n")
        #expect(UnifiedDiff(old, near).description.split(separator: "\n").count { $0.hasPrefix("@@") } == 1)
        let far = old.replacing("\n10\n", with: "\n").replacing("\n30\n", with: "\nthirty\n")
        let headers = UnifiedDiff(old, far).description.split(separator: "\n").filter { $0.hasPrefix("@@") }
        #expect(headers == ["@@ -7,7 +7,6 @@", "@@ -27,7 +26,7 @@"])
    }

    @Test("a text that grows from nothing, and a missing newline at the end")
    func edges() {
        #expect(UnifiedDiff("", "a\n").description == "--- expected\n+++ actual\n@@ -1,0 +1,1 @@\n+a\n")
        #expect(UnifiedDiff("a\n", "a").description.contains("+a (no newline at the end)"))
    }
}
