// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// Makes strings of bytes, and one string of those that come again and again, such as the keys of labels and the names of
/// nodes: that is faster, and what is kept of a large cluster takes half the memory.
struct StringPool {
    /// The last string of each hash.
    private var slots = [String](repeating: "", count: Self.size)
    private static let size = 1 << 12
    /// Shorter strings need no memory of their own.
    private static let smallest = 16
    /// Longer ones are hardly met twice.
    private static let longest = 96

    /// The text that stands at a range. What is no UTF-8 in it becomes U+FFFD, as in the server's JSON: a server checks the names of
    /// objects, but keeps what a client in protobuf writes elsewhere as it comes.
    mutating func string(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        let text = bytes.extracting(range)
        guard (Self.smallest...Self.longest).contains(text.count) else { return Self.string(text) }
        let slot = Int(truncatingIfNeeded: fnv1a(text) >> 32) & (Self.size - 1)
        if Self.isEqual(slots[slot].utf8.span, text) { return slots[slot] }
        let string = Self.string(text)
        slots[slot] = string
        return string
    }

    private static func string(_ text: Span<UInt8>) -> String {
        guard let valid = try? UTF8Span(validating: text) else {
            return String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
        }
        return String(copying: valid)
    }

    private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
