// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// Lays diagnostics out for people: a line that can be searched for, the quoted source with a caret, the hint.
package struct DiagnosticPrinter {
    /// Finds the place of a field of an object; `nil` where it cannot be told.
    private let locate: (Origin, FieldPath) -> SourceLocation?
    private let colored: Bool

    package init(colored: Bool = false, locate: @escaping (Origin, FieldPath) -> SourceLocation? = { _, _ in nil }) {
        (self.colored, self.locate) = (colored, locate)
    }

    /// The text of one diagnostic, ending in a newline.
    package func text(of diagnostic: Diagnostic) -> String {
        let location = diagnostic.location ?? diagnostic.origin.flatMap { locate($0, diagnostic.field) }
        var head = ""
        if let origin = diagnostic.origin {
            head += origin.file
            if let location { head += ":\(location.line):\(location.column)" }
            head += ": "
        }
        head += severityText(diagnostic.severity)
        if let object = diagnostic.object { head += "\(object): " }
        if !diagnostic.field.steps.isEmpty { head += "\(diagnostic.field): " }
        var lines = [head + diagnostic.message]
        if let location {
            let trimmed = location.text.drop { $0 == " " || $0 == "\t" }
            let indent = location.column - 1 - (location.text.count - trimmed.count)
            if !trimmed.isEmpty, indent >= 0, trimmed.count <= 200 {
                lines.append("    " + trimmed)
                lines.append("    " + String(repeating: " ", count: indent) + "^")
            }
        }
        if let hint = diagnostic.hint { lines.append("hint: " + hint) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func severityText(_ severity: Diagnostic.Severity) -> String {
        let text = severity.rawValue + ":"
        guard colored else { return text + " " }
        return (severity == .error ? TerminalStyle.boldRed : .boldYellow).applied(to: text) + " "
    }
}
