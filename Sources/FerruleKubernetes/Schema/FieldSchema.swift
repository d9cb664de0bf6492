// SPDX-License-Identifier: Apache-2.0

/// The fields that a type of the Kubernetes API has in ``version``, which of them Ferrule reads, and the types of what stands in
/// them.
///
/// A decoder's own keys are what is read; only the rest is listed beside them. So decoding and checking cannot differ.
///
/// It is a class because a walk over an object goes through the types of a million fields: they are shared, not copied.
package final class FieldSchema: Sendable {
    /// The version of Kubernetes that has the fields, and kinds.
    package static let version = "1.36"

    /// What a field holds, as far as it has fields of its own.
    package enum Content: Sendable {
        /// A scalar, a map (whose keys are free), or something that is not looked into.
        case value
        case object(FieldSchema)
        case list(of: FieldSchema)

        /// The type of the object, or of the objects in the list.
        package var schema: FieldSchema? {
            switch self {
            case .value: nil
            case .object(let schema), .list(let schema): schema
            }
        }
    }

    /// The names of the fields in the order of their bytes, as `kubectl` prints them.
    package let names: [String]
    /// What each field holds.
    package let contents: [Content]
    /// Whether a decoder reads each field.
    package let isRead: [Bool]

    /// The bytes of all names, one behind the other, and where each ends.
    private let bytes: [UInt8]
    private let ends: [Int]

    /// A field that is known but not read.
    struct Unread: ExpressibleByStringLiteral {
        let name: String
        let content: Content

        init(stringLiteral name: String) { self.init(name, .value) }
        init(_ name: String, _ content: Content) { (self.name, self.content) = (name, content) }
    }

    /// The fields of a type.
    ///
    /// - Parameters:
    ///   - read: the keys that its decoder reads.
    ///   - contents: what the fields that are read hold, where that has fields too.
    ///   - unread: the other fields that the API has.
    convenience init<Keys: CodingKey & CaseIterable & Hashable>(
        _ read: Keys.Type, _ contents: [Keys: Content] = [:], unread: [Unread] = []
    ) {
        self.init(Self.fields(read, contents), unread)
    }

    /// The fields of an object with a kind: those of its type, and those by which ``KubernetesDocument`` knows it.
    convenience init<Keys: CodingKey & CaseIterable & Hashable>(
        object read: Keys.Type, _ contents: [Keys: Content] = [:], unread: [Unread] = []
    ) {
        self.init(Self.fields(read, contents) + Self.fields(TypeKeys.self), unread)
    }

    /// The fields of a type of which nothing is read.
    convenience init(unread: [Unread]) { self.init([], unread) }

    /// The keys by which the type of an object is told (`TypeMeta`).
    enum TypeKeys: CodingKey, CaseIterable { case apiVersion, kind }

    private typealias ReadField = (name: String, content: Content)

    private static func fields<Keys: CodingKey & CaseIterable & Hashable>(
        _ keys: Keys.Type, _ contents: [Keys: Content] = [:]
    ) -> [ReadField] {
        keys.allCases.map { ($0.stringValue, contents[$0] ?? .value) }
    }

    private init(_ read: [ReadField], _ unread: [Unread]) {
        let fields = (read.map { ($0.name, $0.content, true) } + unread.map { ($0.name, $0.content, false) })
            .sorted { $0.0 < $1.0 }
        names = fields.map(\.0)
        contents = fields.map(\.1)
        isRead = fields.map(\.2)
        bytes = names.flatMap { Array($0.utf8) }
        ends = names.reduce(into: []) { $0.append(($0.last ?? 0) + $1.utf8.count) }
    }

    /// The position of the field whose name is written in a part of a text.
    ///
    /// - Parameter expected: the position at which to look first: behind that of the field before it, since whoever writes
    ///   an object's fields most often writes them in this order.
    package func position(of text: Span<UInt8>, _ range: Range<Int>, expected: Int) -> Int? {
        for position in expected..<names.count where isNamed(text, range, position) { return position }
        for position in 0..<min(expected, names.count) where isNamed(text, range, position) { return position }
        return nil
    }

    /// The field whose name is written in a part of a text; nil if there is none.
    package func name(of text: Span<UInt8>, _ range: Range<Int>) -> String? {
        position(of: text, range, expected: 0).map { names[$0] }
    }

    private func isNamed(_ text: Span<UInt8>, _ range: Range<Int>, _ position: Int) -> Bool {
        let start = position == 0 ? 0 : ends[position - 1]
        guard ends[position] - start == range.count else { return false }
        for index in 0..<range.count where text[range.lowerBound + index] != bytes[start + index] { return false }
        return true
    }
}
