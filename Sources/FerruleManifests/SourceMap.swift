// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import FoundationEssentials

/// The text of an input's files, in which the lines of fields are found once a diagnostic is printed.
///
/// Large files are read once more for that, instead of being kept.
///
/// It is a class because it remembers what it has parsed: a hundred diagnostics do not parse a file a hundred times.
package final class SourceMap {
    /// The files, in the order in which they were read.
    package private(set) var names: [String] = []
    private var texts: [String: PartialText] = [:]
    private var files: [String: SourceFile] = [:]
    /// The objects of which no line is shown.
    private var concealed: Set<Origin> = []

    init() {}

    func add(_ text: PartialText, as file: String) {
        if texts.updateValue(text, forKey: file) == nil { names.append(file) }
    }

    /// Has no line of an object shown: it holds a secret.
    func conceal(_ origin: Origin) { concealed.insert(origin) }

    /// Where the value of a field of an object stands, or the deepest part of its path that exists; nil where the file is
    /// not known. Fits ``DiagnosticPrinter``.
    package func locate(_ origin: Origin, _ field: FieldPath) -> SourceLocation? {
        if files[origin.file] == nil, let text = texts[origin.file], let data = text.part(0..<text.count) {
            files[origin.file] = SourceFile(data)
        }
        let location = files[origin.file]?.locate(origin.path + field, document: origin.document)
        return concealed.contains(origin) ? location?.withoutText : location
    }
}

/// The text of one file, with what has been parsed of it so far.
private struct SourceFile {
    private let format: TextFormat
    private var lines: LineIndex
    private var json: JSONLocator
    private let documents: [TextDocument]
    /// The document of YAML that was asked for last: what is made of one is larger than its text.
    private var last: (number: Int, locator: YAMLLocator)?

    init(_ data: Data) {
        format = TextFormat(of: data)
        lines = LineIndex(data)
        json = JSONLocator(data)
        documents = TextDocument.documents(of: data)
    }

    mutating func locate(_ path: FieldPath, document number: Int) -> SourceLocation? {
        if case .foreign = format { return nil }
        guard documents.indices.contains(number) else { return nil }
        let document = documents[number]
        if document.isJSON {
            return json.offset(of: path, from: document.offset).map { lines.location(ofOffset: $0) }
        }
        if last?.number != number { last = (number, YAMLLocator(document)) }
        switch last?.locator.place(of: path) {
        case .offset(let offset)?: return lines.location(ofOffset: document.offset + offset)
        case .mark(let line, let column)?:
            return lines.location(ofLine: document.firstLine + line - 1, scalarColumn: column)
        case nil: return nil
        }
    }
}
