// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// One document of a stream of YAML, JSON or both.
struct TextDocument {
    /// The bytes of the document, shared with the stream.
    let bytes: Data
    /// The line of the stream, from 1, on which the text starts, and its byte.
    let firstLine: Int
    let offset: Int
    let form: Form
    /// What stands before it on that line, where it follows JSON: its bytes and its Unicode scalars.
    var bytesBefore = 0
    var scalarsBefore = 0

    enum Form {
        case json
        case yaml
        /// It starts as JSON does and goes on otherwise: it may be YAML in braces.
        case braced(JSONSyntaxError)
    }

    /// Where it stands in the stream.
    var range: Range<Int> { offset..<offset + bytes.count }

    /// Whether it is JSON.
    var isJSON: Bool {
        if case .json = form { true } else { false }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A tree takes up to a hundred times the memory of its text.
    private static let treeLimit = 64 << 20

    /// The documents of a stream, without empty ones.
    ///
    /// The stream is cut at its `---` lines, as kubectl does it, so that an error in one document does not hide the others; and
    /// JSON is cut behind each value. It is cut at `...` too, where a document ends (YAML 1.2, section 9.1.2): kubectl passes over
    /// what follows up to the next `---`, whatever it is. Directives (`%YAML`) belong to the document that follows.
    static func documents(of stream: Data) -> [TextDocument] {
        var documents: [TextDocument] = []
        let bytes = stream.span
        var (start, startLine, line) = (0, 1, 1)
        /// Where the first character is that is neither blank nor in a comment, directive or marker.
        var content: Int?
        var hasDirectives = false
        func cut(at end: Int) {
            if let content, isBrace(bytes[content]) {
                documents += braced(stream, start..<end, content: content, line: startLine)
            } else if content != nil {
                let bytes = stream.dropFirst(start).prefix(end - start)
                documents.append(TextDocument(bytes: bytes, firstLine: startLine, offset: start, form: .yaml))
            }
            (start, startLine) = (end, line)
            (content, hasDirectives) = (nil, false)
        }
        var index = 0
        while index < bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            end = min(end + 1, bytes.count)
            if isMarker(UInt8(ascii: "-"), bytes, index..<end) {
                if content != nil || !hasDirectives { cut(at: index) }
                content = firstCharacter(of: bytes, in: index + 3..<end)
            } else if isMarker(UInt8(ascii: "."), bytes, index..<end) {
                cut(at: index)
                (start, startLine) = (end, line + 1)
            } else if bytes[index] == UInt8(ascii: "%"), content == nil {
                hasDirectives = true
            } else if content == nil {
                content = firstCharacter(of: bytes, in: index..<end)
            }
            index = end
            line += 1
        }
        cut(at: bytes.count)
        return documents
    }

    /// The JSON values of a part of a stream; what is behind the last that is JSON is one more document, whatever it is.
    private static func braced(_ stream: Data, _ part: Range<Int>, content: Int, line: Int) -> [TextDocument] {
        let text = stream.span.extracting(0..<part.upperBound)
        var documents: [TextDocument] = []
        var (start, line, lineStart, scalars) = (part.lowerBound, line, part.lowerBound, 0)
        func add(through end: Int, _ form: Form) {
            let bytes = stream.dropFirst(start).prefix(end - start)
            documents.append(
                TextDocument(
                    bytes: bytes, firstLine: line, offset: start, form: form, bytesBefore: start - lineStart,
                    scalarsBefore: scalars))
        }
        func move(to offset: Int) {
            for place in start..<offset {
                if text[place] == UInt8(ascii: "\n") {
                    (line, lineStart, scalars) = (line + 1, place + 1, 0)
                } else if !LineIndex.isContinuation(text[place]) {
                    scalars += 1
                }
            }
            start = offset
        }
        var next: Int? = content
        while let value = next {
            var scanner = JSONScanner(offset: value)
            do throws(JSONSyntaxError) {
                try scanner.skipValue(text)
            } catch {
                // Directives and a marker belong to a document that is YAML.
                if value != content { move(to: value) }
                add(through: part.upperBound, .braced(error))
                break
            }
            move(to: value)
            add(through: scanner.offset, .json)
            next = firstCharacter(of: text, in: scanner.offset..<part.upperBound)
        }
        return documents
    }

    /// The tree of the document. Lines of its marks count from the start of the document.
    func root() throws(YAMLProblem) -> YAMLNode? {
        guard bytes.count <= Self.treeLimit else {
            throw YAMLProblem("the YAML is too large to be read in the form that it has; pass JSON instead", nil)
        }
        return try YAMLComposer.root(of: text)
    }

    /// Whether a line is a marker, which is three times one character, alone or with something after a blank.
    private static func isMarker(_ character: UInt8, _ text: Span<UInt8>, _ line: Range<Int>) -> Bool {
        let start = line.lowerBound
        guard line.count >= 3, text[start] == character, text[start + 1] == character, text[start + 2] == character
        else {
            return false
        }
        return line.count == 3 || isBlank(text[start + 3])
    }

    /// The first character that is neither blank nor in a comment.
    private static func firstCharacter(of text: Span<UInt8>, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if text[index] == UInt8(ascii: "#") {
                while index < range.upperBound, text[index] != UInt8(ascii: "\n") { index += 1 }
            } else if isBlank(text[index]) {
                index += 1
            } else {
                return index
            }
        }
        return nil
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d }

    private static func isBrace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }
}
