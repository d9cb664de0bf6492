// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension TextDocument {
    /// Whether it cannot be read because a program such as helm has not filled it in yet: with something plain in place of each
    /// `{{ ... }}`, more of it can be read. In quotes, comments and texts of several lines that makes no difference.
    var isTemplate: Bool {
        guard !isJSON, let filledIn, let problem = yamlProblem, let line = problem.line else { return false }
        guard let next = filledIn.yamlProblem else { return true }
        return next.line.map { (line, problem.column) < ($0, next.column) } ?? false
    }

    /// Why it cannot be read as YAML; nil if it can.
    private var yamlProblem: YAMLProblem? {
        do throws(YAMLProblem) {
            guard let root = try root() else { return nil }
            _ = try YAMLToJSON.bytes(of: root, sourceSize: bytes.count)
            return nil
        } catch {
            return error
        }
    }

    /// The document with a word in place of each `{{ ... }}`, as long as that, and with comments in place of lines of nothing
    /// else; nil if there is none. Only comments of templates, `{{/* ... */}}`, may hold others and go on beyond their line:
    /// `"{{"` in a text begins nothing.
    private var filledIn: TextDocument? {
        let text = bytes.span
        var filled = Array(bytes)
        var (start, index, isFilled): (Int?, Int, Bool) = (nil, 0, false)
        var isComment = false
        while index + 1 < text.count {
            if text[index] == UInt8(ascii: "{"), text[index + 1] == UInt8(ascii: "{"), !isComment {
                (start, index) = (index, index + 2)
                isComment = ["/*", "- /*"].contains { bytes.dropFirst(index).starts(with: $0.utf8) }
            } else if let opening = start, text[index] == UInt8(ascii: "}"), text[index + 1] == UInt8(ascii: "}"),
                !isComment
                    || ["*/", "*/ -"].contains(where: { bytes.prefix(index).suffix($0.count).elementsEqual($0.utf8) })
            {
                for place in opening...index + 1 where text[place] != UInt8(ascii: "\n") {
                    filled[place] = Self.filling
                }
                (start, index, isComment, isFilled) = (nil, index + 2, false, true)
            } else {
                if text[index] == UInt8(ascii: "\n"), !isComment { start = nil }
                index += 1
            }
        }
        guard isFilled else { return nil }
        let lines = filled.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Self.worded)
        return TextDocument(
            bytes: Data(lines.joined(separator: [UInt8(ascii: "\n")])), firstLine: firstLine, offset: offset,
            form: .yaml)
    }

    /// No byte of UTF-8.
    private static let filling: UInt8 = 0xff

    /// A line with something readable in place of ``filling``.
    private static func worded(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let isComment = line.allSatisfy { $0 == filling || isBlank($0) }
        var words = line.map { $0 == filling ? UInt8(ascii: "x") : $0 }
        if isComment, let first = line.firstIndex(of: filling) { words[first - line.startIndex] = UInt8(ascii: "#") }
        return words
    }
}
