// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FoundationEssentials

/// Finds fields in JSON text. The places of list elements are kept, and those of an object's members if it is large, so that
/// asking for many fields scans the text about once.
struct JSONLocator {
    /// Members of objects that are smaller are looked for anew each time.
    private static let largeObject = 4096

    private let data: Data
    /// The start of each element, by the start of the list.
    private var elements: [Int: [Int]] = [:]
    /// The start of each member's value, by the start of the object.
    private var members: [Int: [String: Int]] = [:]

    init(_ data: Data) { self.data = data }

    /// The byte at which the value of a path starts, or that of the deepest part of the path that exists.
    ///
    /// - Parameter start: where the document starts that the path is in.
    mutating func offset(of path: FieldPath, from start: Int) -> Int? {
        let data = data
        var scanner = JSONScanner(offset: start)
        guard scanner.peek(data.span) != nil else { return nil }
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

    /// The bytes of the value of a path, as far as that exists.
    mutating func range(of path: FieldPath, from start: Int) -> Range<Int>? {
        guard let offset = offset(of: path, from: start) else { return nil }
        var walk = JSONWalk(offset: offset)
        walk.skipValue(data.span)
        return offset..<walk.offset
    }

    private mutating func member(_ key: String, ofObjectAt start: Int) -> Int? {
        if let members = members[start] { return members[key] }
        let data = data
        let text = data.span
        guard text[start] == UInt8(ascii: "{") else { return nil }
        var scanner = JSONScanner(offset: start)
        var found: Int?
        try? scanner.forEachMember(text) { scanner, name throws(JSONSyntaxError) in
            if Self.equal(key, text, name) { found = scanner.offset }
            if found == nil { try scanner.skipValue(text) }
            return found == nil && scanner.offset - start < Self.largeObject
        }
        guard scanner.offset - start >= Self.largeObject else { return found }
        return allMembers(ofObjectAt: start)[key]
    }

    private mutating func allMembers(ofObjectAt start: Int) -> [String: Int] {
        let data = data
        let text = data.span
        var scanner = JSONScanner(offset: start)
        var found: [String: Int] = [:]
        try? scanner.forEachMember(text) { scanner, name throws(JSONSyntaxError) in
            let key = String(decoding: data.dropFirst(name.lowerBound).prefix(name.count), as: UTF8.self)
            if found[key] == nil { found[key] = scanner.offset }
            try scanner.skipValue(text)
            return true
        }
        members[start] = found
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
