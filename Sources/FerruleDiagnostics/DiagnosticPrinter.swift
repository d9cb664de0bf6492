// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// Lays diagnostics out for people: a line that can be searched for, the quoted source with a caret, the hint.
///
/// Whatever they quote is made printable here, for all of them.
package struct DiagnosticPrinter {
    /// Finds the place of a field of an object; `nil` where it cannot be told.
    private let locate: (Origin, FieldPath) -> SourceLocation?
    private let colored: Bool

    package init(colored: Bool = false, locate: @escaping (Origin, FieldPath) -> SourceLocation? = { _, _ in nil }) {
        (self.colored, self.locate) = (colored, locate)
    }

    /// The text of the diagnostics of one input; of many some, and counts of the others.
    package func text(of diagnostics: [Diagnostic]) -> String {
        let selection = DiagnosticSelection(diagnostics)
        var text = selection.shown.map(text(of:)).joined()
        if selection.otherCount > 0 { text += "and \(selection.otherCount.grouped) of other forms\n" }
        return text
    }

    /// The text of one diagnostic, ending in a newline.
    package func text(of diagnostic: Diagnostic) -> String {
        let location = location(of: diagnostic)
        var lines = [line(of: diagnostic, location)]
        if let location { lines += quote(location) }
        if let hint = diagnostic.hint { lines.append("hint: " + Self.clipped(hint)) }
        if diagnostic.likeIt > 0 { lines.append("and \(diagnostic.likeIt.grouped) like it") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The line that can be searched for, alone and without a newline, for logs: its severity is for the log to say.
    package func line(of diagnostic: Diagnostic) -> String {
        place(of: diagnostic, location(of: diagnostic)) + words(of: diagnostic)
    }

    private func location(of diagnostic: Diagnostic) -> SourceLocation? {
        diagnostic.location ?? diagnostic.origin.flatMap { locate($0, diagnostic.field) }
    }

    private func line(of diagnostic: Diagnostic, _ location: SourceLocation?) -> String {
        place(of: diagnostic, location) + severityText(diagnostic.severity) + words(of: diagnostic)
    }

    /// Nothing where it has no file.
    private func place(of diagnostic: Diagnostic, _ location: SourceLocation?) -> String {
        guard let origin = diagnostic.origin, !origin.file.isEmpty else { return "" }
        let position = location.map { ":\($0.line):\($0.column)" } ?? ""
        return "\(origin.file.printable)\(position): "
    }

    private func words(of diagnostic: Diagnostic) -> String {
        var head = ""
        if let object = diagnostic.object { head += "\(Self.clipped(object)): " }
        if !diagnostic.field.steps.isEmpty { head += "\(Self.clipped(diagnostic.field.description)): " }
        return head + Self.clipped(diagnostic.message)
    }

    /// A part of a message; names and keys have a length in Kubernetes, but not in every text that claims to be of it.
    private static func clipped(_ text: String) -> String { text.brief(1000).printable }

    /// The source line with a caret below the column; nothing for a blank line.
    private func quote(_ location: SourceLocation) -> [String] {
        let before = location.text.unicodeScalars.prefix(max(0, location.column - location.textColumn))
        let shown = Self.printable(location.text)
        // The caret stands where what is printed before the column ends, whatever became of it.
        let place = Self.printable(String(before)).count
        // Of an indentation in which it stands what is behind it stays.
        let indentation = min(shown.prefix { $0 == " " }.count, place)
        let (trimmed, caret) = (shown.dropFirst(indentation), place - indentation)
        guard trimmed.contains(where: { $0 != " " }) else { return [] }
        let (start, end) = (location.textColumn > 1 ? "..." : "", location.goesOn ? "..." : "")
        return ["    \(start)\(trimmed)\(end)", "    " + String(repeating: " ", count: start.count + caret) + "^"]
    }

    /// A source line: tabs become blanks, since a caret below could not follow them.
    private static func printable(_ text: String) -> String {
        text.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: " ").printable
    }

    private func severityText(_ severity: Diagnostic.Severity) -> String {
        let text = severity.rawValue + ":"
        guard colored else { return text + " " }
        return (severity == .error ? TerminalStyle.boldRed : .boldYellow).applied(to: text) + " "
    }
}
