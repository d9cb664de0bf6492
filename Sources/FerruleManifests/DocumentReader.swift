// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials

/// Decodes the text of one file.
struct DocumentReader {
    let file: String
    /// Of objects that name none.
    var namespace = ObjectMeta.defaultNamespace
    /// Those that are read.
    var kinds = ObjectKind.ofServices

    /// Reads a large JSON List in parts; nil if it is none, or something is wrong with its text.
    func readInSlices(_ text: PartialText) -> DecodedObjects? {
        SlicedListReader(text: text, file: file, namespace: namespace, kinds: kinds).read()
    }

    /// Reads any text. That it holds no object is no fault here.
    func read(_ data: Data) -> DecodedObjects {
        switch TextFormat(of: data) {
        case .empty: return DecodedObjects()
        case .foreign(let encoding): return unreadable("the text is \(encoding), but must be UTF-8")
        case .json: return readWhole(data) ?? readStream(data)
        case .yaml: return readStream(data)
        }
    }

    /// Decodes a text that is one JSON value, as most are; nil if it is not.
    private func readWhole(_ data: Data) -> DecodedObjects? {
        let session = DecodingSession(namespace: namespace, kinds: kinds)
        session.begin(file: file, document: 0)
        let decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
        guard decoder.decodeDocument(data, in: session) else { return nil }
        return session.result
    }

    private func readStream(_ data: Data) -> DecodedObjects {
        if let place = Self.invalidPlace(in: data) { return unreadable("the text is not UTF-8", at: place) }
        return TextDocumentReader(stream: data, file: file, namespace: namespace, kinds: kinds).read()
    }

    private func unreadable(_ message: String, at location: SourceLocation? = nil) -> DecodedObjects {
        let session = DecodingSession()
        session.reportUnreadable(Diagnostic(.error, message, origin: Origin(file: file), location: location))
        return session.result
    }

    /// Where a text is not UTF-8; nil if it is.
    static func invalidPlace(in data: Data) -> SourceLocation? {
        guard (try? UTF8Span(validating: data.span)) == nil else { return nil }
        var lines = LineIndex(data)
        let place = lines.location(ofOffset: invalidOffset(in: data))
        return data.mayHoldSecret ? place.withoutText : place
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
