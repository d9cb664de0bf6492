// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import FoundationEssentials

/// The documents of files that hold something else than Kubernetes objects, with their places.
package struct PlainDocuments {
    /// One document, which is not empty.
    package struct Document {
        package let origin: Origin
        package let value: DocumentValue
    }

    /// In the order of the input.
    package private(set) var documents: [Document] = []
    /// Why others cannot be read.
    package private(set) var diagnostics: [Diagnostic] = []
    /// The text of the files, where diagnostics find their lines.
    package let sources = SourceMap()

    /// Reads files and directories (all `.yaml`, `.yml` and `.json` files below, sorted), each file once.
    ///
    /// Throws if one of them cannot be read at all; what is wrong within them are ``diagnostics``.
    package init(reading paths: [String]) throws(ManifestError) {
        let files = ManifestFiles(excluded: [], mayBeEmpty: false)
        var seen: Set<String> = []
        var unreadable: [Diagnostic] = []
        for path in paths {
            do throws(ManifestError) {
                for file in try files.below(path) ?? [path] where seen.insert(file).inserted {
                    add(TextFormat.withoutByteOrderMarks(try FileContent.read(file)), file)
                }
            } catch .unreadable(let found) {
                unreadable += found
            }
        }
        guard unreadable.isEmpty else { throw .unreadable(unreadable) }
    }

    /// Reads one text.
    package init(text: String, file: String) { add(Data(text.utf8), file) }

    private mutating func add(_ text: Data, _ file: String) {
        sources.add(.memory(text), as: file)
        switch TextFormat(of: text) {
        case .empty: return
        case .foreign(let encoding): return report("the text is \(encoding), but must be UTF-8", file)
        case .json, .yaml: break
        }
        if let place = DocumentReader.invalidPlace(in: text) { return report("the text is not UTF-8", file, place) }
        let read = TextDocumentReader(stream: text, file: file, namespace: "").json()
        diagnostics += read.diagnostics
        for (number, json) in read.documents {
            guard let value = try? JSONDecoder().decode(DocumentValue.self, from: json) else {
                report("this is not valid JSON", file)
                continue
            }
            if value != .null { documents.append(Document(origin: Origin(file: file, document: number), value: value)) }
        }
    }

    private mutating func report(_ message: String, _ file: String, _ place: SourceLocation? = nil) {
        diagnostics.append(Diagnostic(.error, message, origin: Origin(file: file), location: place))
    }
}

/// Any value of a document.
package indirect enum DocumentValue: Codable, Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([DocumentValue])
    case object([String: DocumentValue])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([DocumentValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: DocumentValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let text): try container.encode(text)
        case .list(let items): try container.encode(items)
        case .object(let fields): try container.encode(fields)
        }
    }

    /// The value as it is quoted in a message: `5`, `"web"`, `a list`.
    package var quotation: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .text(let text): quoted(text)
        case .list(let items): items.isEmpty ? "an empty list" : "a list"
        case .object: "an object"
        }
    }
}
