// SPDX-License-Identifier: Apache-2.0

/// Breaks lines between words where they are longer than a terminal is wide.
struct LineWrapping {
    /// In characters; nil where lines stay as they are.
    let width: Int?

    /// The lines of a text; those after the first are indented.
    func lines(_ text: String, indent: Int) -> [String] {
        guard let width, text.count > width else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in words(text) {
            if line.count + 1 + word.count > width, line.contains(where: { $0 != " " }) {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += (line.isEmpty && lines.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }

    /// A minus or plus stays with the address that it is about. Blanks at the start stay.
    private func words(_ text: String) -> [String] {
        let start = text.prefix { $0 == " " }
        var words: [String] = []
        var sign = ""
        for part in text.dropFirst(start.count).split(separator: " ") {
            if ["-", "+", "(-", "(+"].contains(part), !words.isEmpty {
                sign = part + " "
            } else {
                words.append(sign + part)
                sign = ""
            }
        }
        if let first = words.first { words[0] = start + first }
        return words
    }
}
