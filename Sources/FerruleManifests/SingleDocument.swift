// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// A file of settings: one document of YAML or JSON, which is no Kubernetes object.
package enum SingleDocument {
    /// What is wrong with a text.
    package struct Problem: Error {
        package let message: String
        /// The line, from 1, where it is known.
        package let line: Int?
    }

    /// The document of a text, as JSON. Byte order marks that some editors put before it are none of it.
    ///
    /// - Throws: if there is not exactly one, or it is malformed.
    package static func json(of content: Data) throws(Problem) -> Data {
        let text = TextFormat.withoutByteOrderMarks(content)
        if case .foreign(let encoding) = TextFormat(of: text) {
            throw Problem(message: "the text is \(encoding), but must be UTF-8", line: nil)
        }
        guard (try? UTF8Span(validating: text.span)) != nil else {
            throw Problem(message: "the text is not UTF-8", line: nil)
        }
        let documents = TextDocument.documents(of: text)
        guard let document = documents.first, documents.count == 1 else {
            throw Problem(message: documents.isEmpty ? "the file is empty" : "only one document is expected", line: nil)
        }
        if document.isJSON { return document.bytes }
        do throws(YAMLProblem) {
            guard let root = try document.root() else { throw YAMLProblem("the file is empty", nil) }
            return Data(try YAMLToJSON.bytes(of: root, sourceSize: document.bytes.count))
        } catch {
            throw Problem(
                message: error.message(firstLine: document.firstLine),
                line: error.line.map { document.firstLine + $0 - 1 })
        }
    }
}
