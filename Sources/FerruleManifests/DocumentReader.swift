// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials

/// Decodes the documents of files into one ``DecodingSession``.
///
/// YAML takes the way it takes in Kubernetes: each document becomes JSON first, so that both have one meaning.
struct DocumentReader {
    private let session = DecodingSession()
    private let decoder: JSONDecoder

    init() {
        decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
    }

    /// All that has been read so far.
    var result: DecodedObjects { session.result }

    /// Reads a file as a large JSON List, in parts; false if it is none, or something is wrong with its text.
    func readInSlices(_ text: PartialText, file: String) -> Bool {
        guard let found = SlicedListReader(text: text, file: file).read() else { return false }
        session.add(found)
        return true
    }

    /// Reads a file. That it holds no object is an error in a file that the user names, and a warning in one that was
    /// found in a directory.
    func read(_ data: Data, file: String, isNamed: Bool) {
        let severity: Diagnostic.Severity = isNamed ? .error : .warning
        switch TextFormat(of: data) {
        case .json: readJSON(data, file: file)
        case .yaml: readYAML(data, file: file, emptySeverity: severity)
        case .empty: report("the file is empty", Origin(file: file), severity: severity)
        case .foreign(let encoding): report("the text is \(encoding), but must be UTF-8", Origin(file: file))
        }
    }

    private func readJSON(_ data: Data, file: String) {
        session.begin(file: file, document: 0)
        if decode(data) { return }
        // It is not one document: perhaps several in a row, or none that is right.
        let text = data.span
        var scanner = JSONScanner()
        var document = 0
        do throws(JSONSyntaxError) {
            while scanner.peek(text) != nil {
                let start = scanner.offset
                session.begin(file: file, document: document)
                try scanner.skipValue(text)
                let value = data[(data.startIndex + start)..<(data.startIndex + scanner.offset)]
                if !decode(value) { throw JSONSyntaxError(offset: start, message: "this is not valid JSON") }
                document += 1
            }
        } catch {
            var lines = LineIndex(data)
            report(
                error.message, Origin(file: file, document: document), location: lines.location(ofOffset: error.offset))
        }
    }

    private func readYAML(_ data: Data, file: String, emptySeverity: Diagnostic.Severity) {
        if (try? UTF8Span(validating: data.span)) == nil {
            var lines = LineIndex(data)
            let location = lines.location(ofOffset: Self.invalidOffset(in: data))
            return report("the text is not UTF-8", Origin(file: file), location: location)
        }
        let documents = YAMLDocumentReader(stream: data, file: file)
        if documents.isEmpty {
            report("the file holds no Kubernetes object", Origin(file: file), severity: emptySeverity)
        }
        session.add(documents.read())
    }

    /// Decodes one document; false if it is not JSON.
    private func decode(_ data: Data) -> Bool {
        decoder.decodeDocument(data, in: session)
    }

    private func report(
        _ message: String, _ origin: Origin, severity: Diagnostic.Severity = .error, location: SourceLocation? = nil
    ) {
        session.report(Diagnostic(severity, message, origin: origin, location: location))
    }

    /// The first byte of a line that is not UTF-8; the line is told by decoding each alone.
    private static func invalidOffset(in data: Data) -> Int {
        var offset = 0
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: line, as: UTF8.self) == nil { return offset }
            offset += line.count + 1
        }
        return 0
    }
}
