// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Yams

/// One document of a YAML stream.
struct YAMLDocument {
    /// The bytes of the document, shared with the stream.
    let bytes: Data
    /// The line of the stream, from 1, on which the text starts, and its byte.
    let firstLine: Int
    let offset: Int

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The documents of a stream, without empty ones.
    ///
    /// The stream is cut at its `---` and `...` lines, as kubectl does it, so that an error in one document does not hide
    /// the others. Directives (`%YAML`) belong to the document that follows.
    static func documents(of stream: Data) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        let bytes = stream.span
        var (start, startLine, line) = (0, 1, 1)
        var (hasContent, hasDirectives) = (false, false)
        func cut(at end: Int) {
            if hasContent {
                let bytes = stream.dropFirst(start).prefix(end - start)
                documents.append(YAMLDocument(bytes: bytes, firstLine: startLine, offset: start))
            }
            (start, startLine) = (end, line)
            (hasContent, hasDirectives) = (false, false)
        }
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, bytes.count)
            let text = bytes.extracting(index..<end)
            if isMarker(UInt8(ascii: "-"), text) {
                if hasContent || !hasDirectives { cut(at: index) }
                hasContent = hasText(text, from: 3)
            } else if isMarker(UInt8(ascii: "."), text) {
                cut(at: index)
                (start, startLine) = (end, line + 1)
            } else if text[0] == UInt8(ascii: "%"), !hasContent {
                hasDirectives = true
            } else if !hasContent {
                hasContent = hasText(text, from: 0)
            }
            index = end
            line += 1
        }
        cut(at: bytes.count)
        return documents
    }

    /// The tree of the document. Lines of its marks count from the start of the document.
    func root() throws(YAMLProblem) -> Node? {
        let text = text
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

    /// Whether a line is a marker, which is three times one character, alone or with something after a blank.
    private static func isMarker(_ character: UInt8, _ line: Span<UInt8>) -> Bool {
        guard line.count >= 3, line[0] == character, line[1] == character, line[2] == character else { return false }
        return line.count == 3 || isBlank(line[3])
    }

    /// Whether a line holds more than blanks and a comment.
    private static func hasText(_ line: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < line.count, isBlank(line[index]) { index += 1 }
        return index < line.count && line[index] != UInt8(ascii: "#")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0d, 0x0a].contains(byte) }
}
