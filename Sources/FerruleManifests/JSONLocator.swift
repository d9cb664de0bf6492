// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FoundationEssentials

/// Finds fields in JSON text. The places of list elements are kept, so that asking for many items of a large list scans
/// it once.
struct JSONLocator {
    private let data: Data
    /// The start of each element, by the start of the list.
    private var elements: [Int: [Int]] = [:]

    init(_ data: Data) { self.data = data }

    /// The byte at which the value of a path starts in a document (from 0), or that of the deepest part of the path that
    /// exists.
    mutating func offset(of path: FieldPath, document: Int) -> Int? {
        let data = data
        let text = data.span
        var scanner = JSONScanner()
        for _ in 0..<document {
            guard (try? scanner.skipValue(text)) != nil else { return nil }
        }
        guard scanner.peek(text) != nil else { return nil }
        var offset = scanner.offset
        for step in path.steps {
            let next =
                switch step {
                case .key(let key): member(key, ofObjectAt: offset)
                case .index(let index): element(index, ofListAt: offset)
                }
            guard let next else { break }
            offset = next
        }
        return offset
    }

    private func member(_ key: String, ofObjectAt start: Int) -> Int? {
        let text = data.span
        guard text[start] == UInt8(ascii: "{") else { return nil }
        var scanner = JSONScanner(offset: start)
        var found: Int?
        try? scanner.forEachMember(text) { scanner, name throws(JSONSyntaxError) in
            if Self.equal(key, text, name) { found = scanner.offset }
            if found == nil { try scanner.skipValue(text) }
            return found == nil
        }
        return found
    }

    private mutating func element(_ index: Int, ofListAt start: Int) -> Int? {
        let data = data
        let text = data.span
        if elements[start] == nil {
            guard text[start] == UInt8(ascii: "[") else { return nil }
            var scanner = JSONScanner(offset: start)
            var starts: [Int] = []
            try? scanner.forEachElement(text) { scanner, _ throws(JSONSyntaxError) in
                starts.append(scanner.offset)
                try scanner.skipValue(text)
                return true
            }
            elements[start] = starts
        }
        return elements[start].flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }

    /// Whether a key is written with these bytes; keys with escapes are none of Kubernetes'.
    private static func equal(_ key: String, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        for byte in key.utf8 {
            guard offset < range.upperBound, text[offset] == byte else { return false }
            offset += 1
        }
        return offset == range.upperBound
    }
}
