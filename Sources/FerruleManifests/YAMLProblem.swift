// SPDX-License-Identifier: Apache-2.0

import CYAML
import FerruleDiagnostics
import FerruleText

/// Why a document is not YAML that can be used. Lines count from the start of the document, columns in Unicode scalars.
struct YAMLProblem: Error {
    let message: String
    let line: Int?
    let column: Int
    /// The line of what it contradicts.
    private var earlierLine: Int?

    init(_ message: String, _ mark: YAMLNode.Mark?) {
        (self.message, line, column) = (message, mark?.line, mark?.column ?? 1)
    }

    /// The message, about a document that starts on a line of its file.
    func message(firstLine: Int) -> String {
        message + (earlierLine.map { "; first on line \(firstLine + $0 - 1)" } ?? "")
    }

    /// The document is nested more deeply than can be read.
    static func depth(_ mark: YAMLNode.Mark?) -> YAMLProblem { YAMLProblem("the text is nested too deeply", mark) }

    /// The document stands for much more text than it is.
    static func aliasBomb(_ mark: YAMLNode.Mark?) -> YAMLProblem {
        YAMLProblem("the aliases repeat too much text", mark)
    }

    /// Words anew why libyaml has stopped.
    init(_ parser: borrowing yaml_parser_t, in text: String) {
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? ""
        switch unsafe parser.error {
        case YAML_SCANNER_ERROR
        where ["found unexpected end of stream", "found unexpected document indicator"].contains(problem):
            let start = unsafe parser.context == nil ? parser.problem_mark : parser.context_mark
            self.init("the quote that opens this text is never closed", YAMLNode.Mark(start))
        case YAML_SCANNER_ERROR where problem == "could not find expected ':'":
            // libyaml notices it at what follows; the context is the key.
            self.init("a \":\" is missing after this key", unsafe YAMLNode.Mark(parser.context_mark))
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
            let message = Self.wording[problem] ?? "the YAML is not well-formed"
            self.init(message, unsafe YAMLNode.Mark(parser.problem_mark))
        case YAML_READER_ERROR: self.init(unprintableIn: text, at: unsafe Int(parser.problem_offset))
        default: self.init("the YAML cannot be read", nil)
        }
    }

    /// Keys of one mapping are given more than once.
    ///
    /// - Parameters:
    ///   - keys: in the order in which they are given again.
    ///   - marks: where the first of them is given at first, and where again.
    init(repeated keys: [String], _ marks: (first: YAMLNode.Mark, again: YAMLNode.Mark)) {
        let names = listed(keys.lazy.map(quoted), shown: 3)
        let subject = keys.count > 1 ? "the keys \(names) are" : "the key \(names) is"
        self.init("\(subject) given more than once in this mapping", marks.again)
        earlierLine = marks.first.line
    }

    /// The reader refuses only characters that YAML forbids (YAML 1.1, section 4.1.1).
    ///
    /// - Parameter offset: the byte at which the character starts.
    private init(unprintableIn text: String, at offset: Int) {
        let before = text.utf8.prefix(offset)
        let line = before.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // All but the bytes with which a scalar goes on.
        let column = (line.last ?? before).count { $0 & 0xc0 != 0x80 }
        self.init(
            "the text holds a control character, which YAML does not allow",
            YAMLNode.Mark(line: line.count, column: column + 1))
    }

    /// What the problems of libyaml's scanner and parser mean to somebody who writes manifests.
    private static let wording: [String: String] = [
        "mapping values are not allowed in this context":
            "no \"key: value\" can stand here; check the indentation and the \":\" of the line before, and put text that holds "
            + "\": \" in quotes",
        "block sequence entries are not allowed in this context": "no list entry can stand here; check the indentation",
        "did not find expected key": "the indentation does not fit the lines above",
        "did not find expected '-' indicator": "the indentation does not fit the list above",
        "found character that cannot start any token":
            "no value can start with this character; indent with blanks, not tabs, and put special text in quotes",
        "found a tab character that violates indentation": "a tab stands in the indentation; use blanks",
        "found a tab character where an indentation space is expected": "a tab stands in the indentation; use blanks",
        "did not find expected ',' or ']'": "a \",\" or \"]\" is missing",
        "did not find expected ',' or '}'": "a \",\" or \"}\" is missing",
        "did not find expected node content": "a value is missing",
        "found unknown escape character": "this escape is not known to YAML",
        "found invalid Unicode character escape code": "this escape is not a Unicode character",
        "did not find expected <document start>": "a second document starts here without a line of three dashes",
    ]
}
