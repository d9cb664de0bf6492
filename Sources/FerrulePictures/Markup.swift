// SPDX-License-Identifier: Apache-2.0
//
// FerrulePictures: drawings and pages that people open in a browser, each one file that needs no other. They are made of
// values with the words in them; it makes neither rulesets nor plans.

internal import FerruleDiagnostics

/// XML as it grows, or HTML that is XML too. All text goes through it, so none can become markup.
package struct Markup: Sendable {
    package typealias Attributes = [(name: String, value: String?)]

    /// What there is so far; without a line feed at the end.
    package private(set) var text: String
    private var depth = 0
    private var isWithinLine = false

    /// - Parameter prologue: what stands before the first element, as it is.
    package init(prologue: StaticString) { text = "\(prologue)" }

    /// How many bytes there are so far.
    package var size: Int { text.utf8.count }

    /// An element whose children stand on lines of their own.
    ///
    /// - Parameter attributes: in this order; those of nil are left out.
    package mutating func block(_ name: String, _ attributes: Attributes = [], _ content: (inout Markup) -> Void) {
        open(name, attributes, end: ">")
        depth += 1
        content(&self)
        depth -= 1
        breakLine()
        text += "</\(name)>"
    }

    /// An element that stands on one line with all that is in it.
    package mutating func line(_ name: String, _ attributes: Attributes = [], _ content: (inout Markup) -> Void) {
        open(name, attributes, end: ">")
        let wasWithinLine = isWithinLine
        isWithinLine = true
        content(&self)
        isWithinLine = wasWithinLine
        text += "</\(name)>"
    }

    /// The same with a text alone.
    package mutating func line(_ name: String, _ attributes: Attributes, _ content: String) {
        line(name, attributes) { $0.text(content) }
    }

    package mutating func line(_ name: String, _ content: String) { line(name, [], content) }

    /// An element that never has content, such as `rect` of SVG and `meta` of HTML.
    package mutating func void(_ name: String, _ attributes: Attributes = []) { open(name, attributes, end: "/>") }

    /// A text on one line, of which nothing is markup or commands what shows it (``Swift/String/printable``).
    package mutating func text(_ text: String) { self.text += Markup.escaped(text.printable) }

    /// The same of several lines.
    package mutating func lines(_ text: String) {
        self.text += text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Markup.escaped(String($0).printable) }.joined(separator: "\n")
    }

    /// A style sheet or a script of this module, which must have no character that is markup in XML.
    mutating func block(_ name: String, verbatim content: String) {
        open(name, [], end: ">")
        text += "\n" + content
        breakLine()
        text += "</\(name)>"
    }

    private mutating func open(_ name: String, _ attributes: Attributes, end: String) {
        if !isWithinLine { breakLine() }
        text += "<\(name)"
        for case (let name, let value?) in attributes { text += " \(name)=\"\(Markup.escaped(value.printable))\"" }
        text += end
    }

    private mutating func breakLine() {
        if !text.isEmpty { text += "\n" }
        text += String(repeating: "  ", count: depth)
    }

    /// Escapes what is markup, and replaces the two characters that are left and that XML 1.0 has not (section 2.2).
    private static func escaped(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte < 0x80 && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                && byte != UInt8(ascii: "\"")
        }
        guard !isPlain else { return text }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
