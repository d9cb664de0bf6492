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
    private let format: TextFormat
    private var lines: LineIndex
    private var json: JSONLocator
    private let documents: [TextDocument]
    /// The tree of the YAML document that was asked for last: trees are many times as large as their text.
    private var last: (document: Int, root: Node?)?
    /// The members of its large mappings, by their paths.
    private var members: [FieldPath: [String: Node]] = [:]

    init(_ data: Data) {
        format = TextFormat(of: data)
        lines = LineIndex(data)
        json = JSONLocator(data)
        documents = TextDocument.documents(of: data)
    }

    mutating func locate(_ path: FieldPath, document index: Int) -> SourceLocation? {
        if case .foreign = format { return nil }
        guard documents.indices.contains(index) else { return nil }
        let document = documents[index]
        guard document.isJSON else { return locateYAML(path, in: document, index) }
        return json.offset(of: path, from: document.offset).map { lines.location(ofOffset: $0) }
    }

    private mutating func locateYAML(_ path: FieldPath, in document: TextDocument, _ index: Int) -> SourceLocation? {
        if last?.document != index {
            last = (index, (try? document.root()).flatMap { $0 })
            members = [:]
        }
        guard var node = last?.root else { return nil }
        for (depth, step) in path.steps.enumerated() {
            guard let next = child(of: node, at: step, path.steps.prefix(depth)) else { break }
            node = next
        }
        guard let mark = node.mark else { return nil }
        return lines.location(ofLine: document.firstLine + mark.line - 1, scalarColumn: mark.column)
    }

    private mutating func child(of node: Node, at step: FieldPath.Step, _ path: ArraySlice<FieldPath.Step>) -> Node? {
        switch (step, node) {
        case (.index(let index), .sequence(let sequence)): sequence.indices.contains(index) ? sequence[index] : nil
        case (.key(let key), .mapping(let mapping)):
            if mapping.count < Self.largeMapping {
                mapping.first { $0.key.scalar?.string == key }?.value
            } else {
                members(of: mapping, at: FieldPath(Array(path)))[key]
            }
        default: nil
        }
    }

    private mutating func members(of mapping: Node.Mapping, at path: FieldPath) -> [String: Node] {
        if let known = members[path] { return known }
        let pairs = mapping.lazy.compactMap { key, value in key.scalar.map { ($0.string, value) } }
        let found = Dictionary(pairs) { first, _ in first }
        members[path] = found
        return found
    }

    /// From so many members on they are looked up.
    private static let largeMapping = 100
}
