// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleParallel
import FoundationEssentials

/// Decodes the documents of a YAML stream, on all processors.
struct YAMLDocumentReader: Sendable {
    /// Documents of so many bytes are one piece of work: in a stream of many small ones, handing out costs nothing then.
    private static let batchSize = 128 << 10

    private let stream: Data
    private let file: String
    private let documents: [YAMLDocument]
    private let batches: [Range<Int>]

    /// The documents of a stream that is UTF-8.
    init(stream: Data, file: String) {
        (self.stream, self.file) = (stream, file)
        documents = YAMLDocument.documents(of: stream)
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

    /// Whether there is no document.
    var isEmpty: Bool { documents.isEmpty }

    /// What the documents hold, in their order.
    func read() -> DecodedObjects {
        parallelReduce(count: batches.count, into: DecodedObjects()) {
            read(batches[$0])
        } take: {
            $0.append($1)
        }
    }

    private func read(_ batch: Range<Int>) -> DecodedObjects {
        let session = DecodingSession()
        let decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
        let first = documents[batch.lowerBound]
        var lines = LineIndex(stream, from: (first.firstLine, first.offset))
        for index in batch {
            let document = documents[index]
            session.begin(file: file, document: index)
            do throws(YAMLProblem) {
                guard let json = try json(of: document) else { continue }
                if let found = sliced(json, document: index) {
                    session.add(found)
                } else if (try? decoder.decode(KubernetesDocument.self, from: json)) == nil {
                    throw YAMLProblem("the text is nested too deeply", nil)
                }
            } catch {
                let location = error.line.map {
                    lines.location(ofLine: document.firstLine + $0 - 1, scalarColumn: error.column)
                }
                let origin = Origin(file: file, document: index)
                session.report(Diagnostic(.error, error.message, origin: origin, location: location))
            }
        }
        return session.result
    }

    /// A document as JSON: in one pass if it is plain, else by way of its tree; nil if it holds nothing.
    private func json(of document: YAMLDocument) throws(YAMLProblem) -> Data? {
        if let json = PlainYAML.json(of: [UInt8](document.bytes)) { return Data(json) }
        guard let root = try document.root() else { return nil }
        return Data(try YAMLToJSON.bytes(of: root, sourceSize: document.bytes.count))
    }

    private func sliced(_ json: Data, document: Int) -> DecodedObjects? {
        guard json.count >= SlicedListReader.minimumSize else { return nil }
        return SlicedListReader(text: .memory(json), file: file, document: document).read()
    }
}
