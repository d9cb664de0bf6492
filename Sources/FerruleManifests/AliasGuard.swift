// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Tells YAML whose aliases, followed one after the other, stand for more text than a machine can walk through.
///
/// ``YAMLToJSON`` counts what it writes, but before that Yams compares the keys of each mapping, and a key may be a list of
/// aliases of lists of aliases. So the text is judged, as far as that goes without reading YAML: it may take a text for a bomb
/// that is none, but only if it holds what no manifest does, an alias within a key, and many other aliases besides.
enum AliasGuard {
    /// Whether a document must not be read.
    static func isBomb(_ document: Data) -> Bool {
        let text = document.span
        return hasAliasInKey(text) && isLong(text)
    }

    /// How long the text of a document may become by its aliases.
    static func limit(_ size: Int) -> Int { 1_000_000 + 10 * size }

    /// Whether a key may be or hold an alias: one with a colon behind it, one within brackets that have a colon behind them
    /// (such a key ends on its line), or any key behind a question mark.
    private static func hasAliasInKey(_ text: Span<UInt8>) -> Bool {
        var isOnLine = false
        /// Whether an alias or a bracket with one has just ended.
        var isEnd = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\n"): (isOnLine, isEnd) = (false, false)
            case UInt8(ascii: " "), UInt8(ascii: "\t"): break
            case UInt8(ascii: "*"):
                let start = index
                index = endOfName(text, from: index)
                if index > start { (isOnLine, isEnd) = (true, true) }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): isEnd = isOnLine
            case UInt8(ascii: ":") where isEnd: return true
            case UInt8(ascii: "?") where index == 1 || " \t\n[{,".utf8.contains(text[index - 2]): return true
            default: isEnd = false
            }
        }
        return false
    }

    /// Whether a document becomes longer than it may. What an anchor names is taken to reach up to each alias of it, which is
    /// too much, but never too little.
    private static func isLong(_ text: Span<UInt8>) -> Bool {
        var starts: [[UInt8]: Int] = [:]
        var length = 0
        var index = 0
        while index < text.count, length <= limit(text.count) {
            let byte = text[index]
            index += 1
            length += 1
            guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
            let end = endOfName(text, from: index)
            guard end > index else { continue }
            let name = (index..<end).map { text[$0] }
            if byte == UInt8(ascii: "*") {
                if let start = starts[name] { length += length - start }
            } else if starts[name] == nil {
                starts[name] = length
            }
            length += end - index
            index = end
        }
        return length > limit(text.count)
    }

    /// Where a name ends that an anchor or an alias may have.
    private static func endOfName(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                index += 1
            default: return index
            }
        }
        return index
    }
}
