// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// The fields of an object that is being decoded, read one by one: a value of the wrong type is reported to the
/// ``DecodingSession`` and reads as absent, so that it does not hide the other fields.
///
/// The session is looked up only when something is wrong, since an input may have 100,000 endpoints.
struct Fields<Key: CodingKey> {
    private let container: KeyedDecodingContainer<Key>
    private let decoder: any Decoder

    /// Throws where the value is not an object; whoever asked for it reports that.
    init(_ decoder: any Decoder) throws {
        self.decoder = decoder
        container = try decoder.container(keyedBy: Key.self)
    }

    /// Whether a field is there, even if null.
    func contains(_ key: Key) -> Bool { container.contains(key) }

    /// A field; nil where it is absent or null.
    func value<Value: Decodable>(_ key: Key, as type: Value.Type = Value.self) -> Value? {
        value(key, type) { try $0.decodeIfPresent(type, forKey: key) }
    }

    // Decoders take scalars by a way of their own, which is much shorter than the one for values of any type.

    func value(_ key: Key, as type: String.Type = String.self) -> String? {
        value(key, type) { try $0.decodeIfPresent(type, forKey: key) }
    }

    func value(_ key: Key, as type: Int.Type = Int.self) -> Int? {
        value(key, type) { try $0.decodeIfPresent(type, forKey: key) }
    }

    func value(_ key: Key, as type: Bool.Type = Bool.self) -> Bool? {
        value(key, type) { try $0.decodeIfPresent(type, forKey: key) }
    }

    @inline(__always)
    private func value<Value>(
        _ key: Key, _ type: Value.Type, _ decode: (KeyedDecodingContainer<Key>) throws -> Value?
    ) -> Value? {
        do {
            return try decode(container)
        } catch {
            report(try? container.decode(FoundValue.self, forKey: key), at: path(of: key), expected: type)
            return nil
        }
    }

    /// A text field of which empty means absent: those of the API's types that are strings. Of one that is a pointer to
    /// a string, empty is a value by itself, and most often one that is refused: ``value(_:as:)`` reads it.
    func text(_ key: Key) -> String? {
        value(key, as: String.self).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A field that holds a list; elements of the wrong type are left out.
    func list<Element: Decodable>(_ key: Key, of type: Element.Type = Element.self) -> [Element]? {
        guard container.contains(key), (try? container.decodeNil(forKey: key)) != true else { return nil }
        guard var list = try? container.nestedUnkeyedContainer(forKey: key) else {
            report(try? container.decode(FoundValue.self, forKey: key), at: path(of: key), expected: [Element].self)
            return nil
        }
        var elements: [Element] = []
        elements.reserveCapacity(list.count ?? 0)
        while !list.isAtEnd {
            let index = list.currentIndex
            if let element = try? list.decode(Element.self) {
                elements.append(element)
            } else if let found = try? list.decode(FoundValue.self) {
                report(found, at: path(of: key)[index], expected: Element.self)
            } else {
                report(nil, at: path(of: key)[index], expected: Element.self)
                break
            }
        }
        return elements
    }

    /// A field that holds a mapping of strings; values of the wrong type are left out. A value of null is the empty text, as for an
    /// API server: Go's decoder leaves what stands for nothing in its place.
    func strings(_ key: Key) -> [String: String]? { mapping(key, null: "") }

    /// The keys of a field that holds a mapping, in no particular order; none where it holds something else.
    func keys(_ key: Key) -> [String] {
        guard container.contains(key) else { return [] }
        let members = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: key)
        return members?.allKeys.map(\.stringValue) ?? []
    }

    /// A field that holds labels; values of the wrong type are left out.
    func labels(_ key: Key) -> Labels? { strings(key).map { Labels($0) } }

    /// A field that holds a mapping; values of the wrong type are left out.
    ///
    /// - Parameter null: what a value of null means; nil where that is of the wrong type.
    func mapping<Value: Decodable>(
        _ key: Key, of type: Value.Type = Value.self, null: Value? = nil
    ) -> [String: Value]? {
        if let values = try? container.decodeIfPresent([String: Value].self, forKey: key) { return values }
        guard container.contains(key), (try? container.decodeNil(forKey: key)) != true else { return nil }
        guard let members = try? container.nestedContainer(keyedBy: AnyKey.self, forKey: key) else {
            report(
                try? container.decode(FoundValue.self, forKey: key), at: path(of: key), expected: [String: String].self)
            return nil
        }
        var values: [String: Value] = [:]
        for member in members.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            if let value = try? members.decode(type, forKey: member) {
                values[member.stringValue] = value
            } else if let null, (try? members.decodeNil(forKey: member)) == true {
                values[member.stringValue] = null
            } else {
                let found = try? members.decode(FoundValue.self, forKey: member)
                report(found, at: path(of: key)[member.stringValue], expected: type)
            }
        }
        return values
    }

    /// A question about a key that is nearly one of those that are missing.
    func misspelling(of missing: [String]) -> String? {
        let keys = (try? decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted()) ?? []
        for name in missing {
            if let key = keys.first(where: { LetterDistance.between($0, name) != nil }) {
                return "did you mean \(name) by \(quoted(key))?"
            }
        }
        return nil
    }

    private func path(of key: Key) -> FieldPath {
        FieldPath(container.codingPath)[key.stringValue]
    }

    private func report(_ found: FoundValue?, at path: FieldPath, expected type: Any.Type) {
        guard let session = DecodingSession.of(decoder) else { return }
        let message = found.map { "\($0.text) is not \(Self.name(of: type, besides: $0))" } ?? Self.noValue
        var hint: String?
        if type is String.Type, found?.isScalar == true { hint = "put the value in quotes" }
        if type is Int.Type, found?.isQuotedNumber == true { hint = "remove the quotes" }
        session.keep(Diagnostic(.error, message, field: path, hint: hint))
    }

    /// Of a number that has no end, half of a character that JSON writes in two, and what is no JSON nothing can be quoted.
    private static var noValue: String { "the value is no JSON, or no number or text that can be represented" }

    /// What a value of a type is called in a message.
    private static func name(of type: Any.Type, besides found: FoundValue) -> String {
        let number = found.isTooLarge ? "a whole number of -2^63 to 2^63-1" : "a whole number"
        return switch type {
        case is Int.Type: number
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is IntOrString.Type: "\(number) or a name"
        case is Quantity.Type: "a quantity"
        case is any RangeReplaceableCollection.Type: "a list"
        default: "an object"
        }
    }
}

/// Any key of a mapping.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension FieldPath {
    /// The path that a decoder is at.
    package init(_ codingPath: [any CodingKey]) {
        self.init(codingPath.map { key in key.intValue.map(Step.index) ?? .key(key.stringValue) })
    }
}
