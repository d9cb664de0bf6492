// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension TextBuffer {
    /// Writes a set or map with its elements, one a line: they read best in columns, and a changed element is a changed
    /// line in a version control system.
    mutating func write(_ set: SetDefinition, _ family: IPFamily) {
        write("\t\(set.isMap ? "map" : "set") \(set.name) {\n\t\ttype \(set.keyType.name(in: family))")
        switch set.valueType {
        case .verdict: write(" : verdict")
        case .data(let types): write(" : \(types.name(in: family))")
        case nil: break
        }
        write("\n")
        if let size = set.size { write("\t\tsize \(size)\n") }
        switch set.kind {
        case .plain: break
        case .interval: write("\t\tflags interval\n")
        case .dynamic: write("\t\tflags dynamic,timeout\n")
        }
        if !set.elements.isEmpty {
            write("\t\telements = {\n")
            writeLines(of: set.elements)
            write("\t\t}\n")
        }
        write("\t}\n")
    }

    private mutating func writeLines(of elements: [Element]) {
        var keys = TextBuffer()
        var keyEnds: [Int] = []
        keyEnds.reserveCapacity(elements.count)
        var (keyWidth, commentWidth) = (0, 0)
        for element in elements {
            let start = keys.count
            keys.write(element.key)
            keyEnds.append(keys.count)
            keyWidth = max(keyWidth, keys.count - start)
            if let comment = element.comment { commentWidth = max(commentWidth, commentFrame + comment.utf8.count) }
        }
        keyWidth = columnWidth(keyWidth)
        commentWidth = commentWidth == 0 ? 0 : columnWidth(commentWidth)
        var start = 0
        for (element, end) in zip(elements, keyEnds) {
            write("\t\t\t")
            write(keys.bytes[start..<end])
            writeTail(of: element, keyBlanks: keyWidth - (end - start), commentWidth: commentWidth)
            start = end
        }
    }

    /// Writes what stands behind the key of an element, through the end of its line.
    private mutating func writeTail(of element: Element, keyBlanks: Int, commentWidth: Int) {
        if let comment = element.comment {
            writeBlanks(keyBlanks)
            write(" comment \"")
            write(comment)
            write("\"")
            if element.value != .none { writeBlanks(commentWidth - commentFrame - comment.utf8.count) }
        } else if element.value != .none {
            writeBlanks(keyBlanks + commentWidth)
        }
        if element.value != .none { write(" : ") }
        write(element.value)
        write(",\n")
    }
}

/// The bytes of ` comment ""`.
private let commentFrame = 11

/// The width of a column whose longest text is given. Widths grow in steps, so that a new element rarely moves all
/// others, and end at 64, so that one long name does not push the rest off the screen.
private func columnWidth(_ longest: Int) -> Int { min((longest + 3) / 4 * 4, 64) }
