// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Yams

/// Why a document is not YAML that can be used. Lines count from the start of the document, columns in Unicode scalars.
struct YAMLProblem: Error {
    let message: String
    let line: Int?
    let column: Int

    init(_ message: String, _ mark: Mark?) {
        (self.message, line, column) = (message, mark?.line, mark?.column ?? 1)
    }

    /// The document stands for much more text than it is.
    static func aliasBomb(_ mark: Mark?) -> YAMLProblem { YAMLProblem("the aliases repeat too much text", mark) }

    /// Words an error of Yams anew.
    init(_ error: any Error, in text: String) {
        guard let error = error as? YamlError else {
            self.init("the YAML cannot be read", nil)
            return
        }
        switch error {
        case .scanner(let context, "found unexpected end of stream", let mark, _),
            .scanner(let context, "found unexpected document indicator", let mark, _):
            self.init("the quote that opens this text is never closed", context?.mark ?? mark)
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(Self.wording[problem] ?? "the YAML is not well-formed", mark)
        case .duplicatedKeysInMapping(let keys, let context):
            let more = keys.count > 3 ? ", and \(keys.count - 3) more keys are" : " is"
            let names = keys.prefix(3).map(quoted).joined(separator: ", ")
            self.init("the key \(names)\(more) given more than once in this mapping", context.mark)
        case .reader:
            self.init(unprintableIn: text)
        default:
            self.init("the YAML cannot be read", nil)
        }
    }

    /// The reader refuses only characters that YAML forbids (YAML 1.1, section 4.1.1).
    private init(unprintableIn text: String) {
        message = "the text holds a control character, which YAML does not allow"
        var (line, column) = (1, 1)
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 && !"\t\n\r".unicodeScalars.contains(scalar) || scalar.value == 0x7f { break }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        (self.line, self.column) = (line, column)
    }

    /// What the problems of libyaml's scanner and parser mean to somebody who writes manifests.
    private static let wording: [String: String] = [
        "mapping values are not allowed in this context":
            "no \"key: value\" can stand here; check the indentation, and put text that holds \": \" in quotes",
        "block sequence entries are not allowed in this context": "no list entry can stand here; check the indentation",
        "did not find expected key": "the indentation does not fit the lines above",
        "did not find expected '-' indicator": "the indentation does not fit the list above",
        "could not find expected ':'": "a \":\" is missing after this key",
        "found character that cannot start any token":
            "no value can start with this character; indent with blanks, not tabs, and put special text in quotes",
        "found a tab character that violates indentation": "a tab stands in the indentation; use blanks",
        "found a tab character where an indentation space is expected": "a tab stands in the indentation; use blanks",
        "did not find expected ',' or ']'": "a \",\" or \"]\" is missing",
        "did not find expected ',' or '}'": "a \",\" or \"}\" is missing",
        "did not find expected node content": "a value is missing",
        "found undefined alias": "the alias names an anchor that is not defined before it",
        "found unknown escape character": "this escape is not known to YAML",
        "found invalid Unicode character escape code": "this escape is not a Unicode character",
        "did not find expected <document start>": "a second document starts here without a line of three dashes",
        "Maximum nesting level reached, set with yaml_set_max_nest_level())": "the text is nested too deeply",
    ]
}
