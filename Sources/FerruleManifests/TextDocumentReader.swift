// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleParallel
import FoundationEssentials

/// Decodes the documents of a stream of YAML, JSON or both, on all processors.
///
/// YAML takes the way it takes in Kubernetes: each document becomes JSON first, so that both have one meaning.
struct TextDocumentReader: Sendable {
    /// Documents of so many bytes are one piece of work: in a stream of many small ones, handing out costs nothing then.
    private static let batchSize = 128 << 10

    private let stream: Data
    private let file: String
    private let namespace: String
    private let kinds: Set<ObjectKind>
    private let documents: [TextDocument]
    private let batches: [Range<Int>]

    /// The documents of a stream that is UTF-8.
    ///
    /// - Parameters:
    ///   - namespace: of objects that name none.
    ///   - kinds: those that are read.
    init(stream: Data, file: String, namespace: String, kinds: Set<ObjectKind> = ObjectKind.ofServices) {
        (self.stream, self.file, self.namespace, self.kinds) = (stream, file, namespace, kinds)
        documents = TextDocument.documents(of: stream)
        var batches: [Range<Int>] = []
        var start = 0
        for index in documents.indices
        where documents[index].offset + documents[index].bytes.count - documents[start].offset >= Self.batchSize
            || index == documents.count - 1
        {
            batches.append(start..<index + 1)
            start = index + 1
        }
        self.batches = batches
    }

    /// What the documents hold, in their order.
    func read() -> DecodedObjects {
        parallelReduce(count: batches.count, into: DecodedObjects()) {
            read(batches[$0])
        } take: {
            $0.append($1)
        }
    }

    /// The documents as JSON, whatever they say, and why others cannot be read.
    func json() -> (documents: [(number: Int, json: Data)], diagnostics: [Diagnostic]) {
        var found: [(number: Int, json: Data)] = []
        var diagnostics: [Diagnostic] = []
        var lines = LineIndex(stream)
        for (number, document) in documents.enumerated() {
            do throws(Problem) {
                if let json = try json(of: document, &lines) { found.append((number, json)) }
            } catch {
                diagnostics.append(error.diagnostic(of: document, Origin(file: file, document: number)))
            }
        }
        return (found, diagnostics)
    }

    private func read(_ batch: Range<Int>) -> DecodedObjects {
        let session = DecodingSession(namespace: namespace, kinds: kinds)
        let decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
        var lines = LineIndex(stream, from: documents[batch.lowerBound])
        for index in batch {
            let document = documents[index]
            session.begin(file: file, document: index)
            do throws(Problem) {
                guard let json = try json(of: document, &lines) else { continue }
                if let found = sliced(json, document: index) {
                    session.add(found)
                } else if !decoder.decodeDocument(json, in: session) {
                    let message = document.isJSON ? "this is not valid JSON" : "the text is nested too deeply"
                    let place = lines.location(ofOffset: document.offset, quoting: document.range)
                    throw Problem(message: message, location: place)
                }
            } catch {
                let origin = Origin(file: file, document: index)
                if document.bytes.mayHoldSecret { session.conceal(origin) }
                session.reportUnreadable(error.diagnostic(of: document, origin))
            }
        }
        return session.result
    }

    /// Why a document cannot be decoded.
    private struct Problem: Error {
        let message: String
        let location: SourceLocation?

        /// What to tell, without a line of a document that may be a Secret.
        func diagnostic(of document: TextDocument, _ origin: Origin) -> Diagnostic {
            let place = document.bytes.mayHoldSecret ? location?.withoutText : location
            return Diagnostic(.error, message, origin: origin, location: place)
        }
    }

    /// A document as JSON; nil if it holds nothing.
    private func json(of document: TextDocument, _ lines: inout LineIndex) throws(Problem) -> Data? {
        switch document.form {
        case .json: return document.bytes
        case .yaml: return try jsonOfYAML(document, &lines)
        case .braced(let error):
            let place = lines.location(ofOffset: error.offset, quoting: document.range)
            let found = Problem(message: error.message, location: place)
            guard error.mayBeYAML else { throw found }
            do throws(Problem) {
                return try jsonOfYAML(document, &lines)
            } catch let problem {
                // Who puts keys in quotes writes JSON.
                let isQuoted = document.bytes.prefix(error.offset - document.offset).contains(UInt8(ascii: "\""))
                throw isQuoted ? found : problem
            }
        }
    }

    /// A document of YAML as JSON: in one pass if it is plain, else by way of its tree.
    private func jsonOfYAML(_ document: TextDocument, _ lines: inout LineIndex) throws(Problem) -> Data? {
        if let json = PlainYAML.json(of: [UInt8](document.bytes)) { return Data(json) }
        do throws(YAMLProblem) {
            guard let root = try document.root() else { return nil }
            return Data(try YAMLToJSON.bytes(of: root, sourceSize: document.bytes.count))
        } catch {
            let location = error.line.map {
                lines.location(ofLine: $0, scalarColumn: error.column, in: document)
            }
            throw Problem(message: error.message(firstLine: document.firstLine), location: location)
        }
    }

    private func sliced(_ json: Data, document: Int) -> DecodedObjects? {
        guard json.count >= SlicedListReader.minimumSize else { return nil }
        return SlicedListReader(
            text: .memory(json), file: file, namespace: namespace, kinds: kinds, document: document
        ).read()
    }
}
