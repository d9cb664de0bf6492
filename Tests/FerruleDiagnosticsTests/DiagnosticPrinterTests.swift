// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Testing

/// How one diagnostic looks.
struct DiagnosticPrinterTests {
    private func quote(_ location: FerruleDiagnostics.SourceLocation) -> [String] {
        let diagnostic = Diagnostic(.error, "x", origin: Origin(file: "a"), location: location)
        return DiagnosticPrinter().text(of: diagnostic).split(separator: "\n").dropFirst().map(String.init)
    }

    @Test("the caret stands below the column, whatever is written before it")
    func caret() {
        #expect(
            quote(FerruleDiagnostics.SourceLocation(line: 1, column: 5, text: "  a: b")) == ["    a: b", "      ^"])
        #expect(
            quote(FerruleDiagnostics.SourceLocation(line: 1, column: 6, text: "\ta\u{1b}: b")) == [
                "    a\\u{1b}: b", "             ^",
            ])
        #expect(
            quote(FerruleDiagnostics.SourceLocation(line: 1, column: 7, text: "o\u{308}: \u{1F468}\u{200D}b")) == [
                "    o\u{308}: \u{1F468}\\u{200d}b", "                ^",
            ])
        #expect(quote(FerruleDiagnostics.SourceLocation(line: 1, column: 3, text: "   ")).isEmpty)
    }

    @Test("of a long line the part around the column is shown")
    func longLine() {
        let location = FerruleDiagnostics.SourceLocation(
            line: 1, column: 1003, text: "\"port\":1", textColumn: 1000, goesOn: true)
        #expect(quote(location) == ["    ...\"port\":1...", "          ^"])
    }

    @Test("every part of a diagnostic is made printable")
    func printable() {
        let escape = "\u{1b}[31m"
        let diagnostic = Diagnostic(
            .warning, escape, object: escape, field: FieldPath(escape), origin: Origin(file: escape), hint: escape,
            location: FerruleDiagnostics.SourceLocation(line: 1, column: 1, text: escape))
        let text = DiagnosticPrinter().text(of: diagnostic)
        #expect(!text.contains("\u{1b}"))
        #expect(text.split(separator: "\\u{1b}[31m", omittingEmptySubsequences: false).count == 7)
    }
}
