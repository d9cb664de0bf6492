// SPDX-License-Identifier: Apache-2.0

import Yams

/// One document of a YAML stream.
struct YAMLDocument {
    let text: String
    /// The line of the stream, from 1, on which the text starts.
    let firstLine: Int

    /// The documents of a stream, without empty ones.
    ///
    /// The stream is cut at its `---` and `...` lines, as kubectl does it, so that an error in one document does not hide
    /// the others. Directives (`%YAML`) belong to the document that follows.
    static func documents(of stream: String) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        var start = stream.startIndex
        var (startLine, line) = (1, 1)
        var (hasContent, hasDirectives) = (false, false)
        func cut(at end: String.Index) {
            if hasContent { documents.append(YAMLDocument(text: String(stream[start..<end]), firstLine: startLine)) }
            (start, startLine) = (end, line)
            (hasContent, hasDirectives) = (false, false)
        }
        var index = stream.startIndex
        while index < stream.endIndex {
            let bytes = stream.utf8
            let end =
                bytes[index...].firstIndex(of: UInt8(ascii: "\n")).map { bytes.index(after: $0) } ?? bytes.endIndex
            let text = bytes[index..<end]
            if isMarker("---", text) {
                if hasContent || !hasDirectives { cut(at: index) }
                hasContent = hasText(text.dropFirst(3))
            } else if isMarker("...", text) {
                cut(at: index)
                (start, startLine) = (end, line + 1)
            } else if text.first == UInt8(ascii: "%"), !hasContent {
                hasDirectives = true
            } else if hasText(text) {
                hasContent = true
            }
            index = end
            line += 1
        }
        cut(at: stream.endIndex)
        return documents
    }

    /// The tree of the document. Lines of its marks count from the start of the document.
    func root() throws(YAMLProblem) -> Node? {
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            let root = try parser.nextRoot()
            if let second = try parser.nextRoot() {
                throw YAMLProblem("a second document starts here without a line of three dashes", second.mark)
            }
            return root
        } catch let problem as YAMLProblem {
            throw problem
        } catch {
            throw YAMLProblem(error, in: text)
        }
    }

    /// Whether a line is the marker, alone or with something after a blank.
    private static func isMarker(_ marker: String, _ line: Substring.UTF8View) -> Bool {
        guard line.starts(with: marker.utf8) else { return false }
        guard let next = line.dropFirst(3).first else { return true }
        return [0x20, 0x09, 0x0d, 0x0a].contains(next)
    }

    /// Whether a line holds more than blanks and a comment.
    private static func hasText(_ line: Substring.UTF8View) -> Bool {
        let first = line.first { ![0x20, 0x09, 0x0d, 0x0a].contains($0) }
        return first != nil && first != UInt8(ascii: "#")
    }
}
