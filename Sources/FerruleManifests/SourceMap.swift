// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import FoundationEssentials
import Yams

/// The text of an input's files, in which the lines of fields are found once a diagnostic is printed.
///
/// Large files are read once more for that, instead of being kept.
///
/// It is a class because it remembers what it has parsed: a hundred diagnostics do not parse a file a hundred times.
package final class SourceMap {
    private var texts: [String: PartialText] = [:]
    private var files: [String: SourceFile] = [:]

    init() {}

    func add(_ text: PartialText, as file: String) {
        texts[file] = text
    }

    /// Where the value of a field of an object stands, or the deepest part of its path that exists; nil where the file is
    /// not known. Fits ``DiagnosticPrinter``.
    package func locate(_ origin: Origin, _ field: FieldPath) -> SourceLocation? {
        if files[origin.file] == nil, let text = texts[origin.file], let data = text.part(0..<text.count) {
            files[origin.file] = SourceFile(data)
        }
        return files[origin.file]?.locate(origin.path + field, document: origin.document)
    }
}

/// The text of one file, with what has been parsed of it so far.
private struct SourceFile {
    private let data: Data
    private let format: TextFormat
    private var lines: LineIndex
    private var json: JSONLocator
    private var documents: [YAMLDocument]?
    private var roots: [Int: Node] = [:]

    init(_ data: Data) {
        self.data = data
        format = TextFormat(of: data)
        lines = LineIndex(data)
        json = JSONLocator(data)
    }

    mutating func locate(_ path: FieldPath, document: Int) -> SourceLocation? {
        switch format {
        case .empty, .foreign: nil
        case .json: json.offset(of: path, document: document).map { lines.location(ofOffset: $0) }
        case .yaml: locateYAML(path, document: document)
        }
    }

    private mutating func locateYAML(_ path: FieldPath, document index: Int) -> SourceLocation? {
        let documents = self.documents ?? YAMLDocument.documents(of: String(decoding: data, as: UTF8.self))
        self.documents = documents
        guard documents.indices.contains(index) else { return nil }
        let document = documents[index]
        if roots[index] == nil { roots[index] = (try? document.root()).flatMap { $0 } }
        guard var node = roots[index] else { return nil }
        for step in path.steps {
            guard let next = Self.child(of: node, at: step) else { break }
            node = next
        }
        guard let mark = node.mark else { return nil }
        return lines.location(ofLine: document.firstLine + mark.line - 1, scalarColumn: mark.column)
    }

    private static func child(of node: Node, at step: FieldPath.Step) -> Node? {
        switch (step, node) {
        case (.index(let index), .sequence(let sequence)): sequence.indices.contains(index) ? sequence[index] : nil
        case (.key(let key), .mapping(let mapping)): mapping.first { $0.key.scalar?.string == key }?.value
        default: nil
        }
    }
}
