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
    /// The objects of which no line is shown, and the files that hold some.
    private var concealed: Set<Origin> = []
    private var filesWithSecrets: Set<String> = []

    init() {}

    func add(_ text: PartialText, as file: String) {
        if texts.updateValue(text, forKey: file) == nil { names.append(file) }
    }

    /// Whether a file cannot be read because a program such as helm has not filled it in yet. Of lists that are read in parts
    /// none is that.
    func isUnfilled(_ file: String) -> Bool {
        if case .memory(let text)? = texts[file] { PassedOverFiles.isUnfilled(text) } else { false }
    }

    /// Has no line shown of objects that hold secrets, nor what stands on the lines of others beside them.
    func conceal(_ origins: Set<Origin>) {
        concealed.formUnion(origins)
        filesWithSecrets.formUnion(origins.map(\.file))
    }

    /// Where the value of a field of an object stands, or the deepest part of its path that exists; nil where the file is
    /// not known. Fits ``DiagnosticPrinter``.
    package func locate(_ origin: Origin, _ field: FieldPath) -> SourceLocation? {
        if files[origin.file] == nil, let text = texts[origin.file], let data = text.part(0..<text.count) {
            files[origin.file] = SourceFile(data)
        }
        let location = files[origin.file]?.locate(
            field, of: origin, besideSecrets: filesWithSecrets.contains(origin.file))
        return concealed.contains(origin) ? location?.withoutText : location
    }
}

/// The text of one file, with what has been parsed of it so far.
private struct SourceFile {
    private let format: TextFormat
    private var lines: LineIndex
    private var json: JSONLocator
    private let documents: [TextDocument]
    /// The object of JSON beside a Secret that was asked for last: it may have as many problems as fit into it.
    private var object: (origin: Origin, range: Range<Int>?)?
    /// The document of YAML that was asked for last: what is made of one is larger than its text.
    private var last: (number: Int, locator: YAMLLocator)?

    init(_ data: Data) {
        format = TextFormat(of: data)
        lines = LineIndex(data)
        json = JSONLocator(data)
        documents = TextDocument.documents(of: data)
    }

    /// - Parameter besideSecrets: whether nothing may be quoted that is of another object.
    mutating func locate(_ field: FieldPath, of origin: Origin, besideSecrets: Bool) -> SourceLocation? {
        if case .foreign = format { return nil }
        guard documents.indices.contains(origin.document) else { return nil }
        let document = documents[origin.document]
        let path = origin.path + field
        if document.isJSON {
            guard let offset = json.offset(of: path, from: document.offset) else { return nil }
            if besideSecrets, object?.origin != origin {
                object = (origin, json.range(of: origin.path, from: document.offset))
            }
            return lines.location(ofOffset: offset, quoting: besideSecrets ? object?.range : nil)
        }
        if last?.number != origin.document { last = (origin.document, YAMLLocator(document)) }
        switch last?.locator.place(of: path) {
        case .offset(let offset)?: return lines.location(ofOffset: document.offset + offset)
        case .mark(let line, let column)?:
            let location = lines.location(ofLine: line, scalarColumn: column, in: document)
            // In braces an item may stand on the line of another.
            return besideSecrets && !origin.path.steps.isEmpty ? location.withoutText : location
        case nil: return nil
        }
    }
}
