// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials

/// Finds the fields of a document's objects that the API does not have, and those that are given more than once.
///
/// A decoder asks for what it knows and never learns what else is there. This walks over the text of a document that has
/// been decoded, and compares each key with the fields of its type. In what an API server has printed nearly all are the
/// ones that are expected next, so that a large input costs little more than looking at each byte once.
struct FieldChecker {
    private let json: Data
    private let origin: Origin
    private let namespace: String
    /// The number of the first item, where the text is a part of a list.
    private let firstItem: Int
    private let session: DecodingSession

    /// The type of the last object: most often the next is of the same, so that it need not be looked for.
    private var last: (type: ObjectType, kind: ObjectKind)?
    /// What the object says of its type that is being checked.
    private var header = Header()
    /// The place in it.
    private var path = FieldPath()
    private var unknownFields = BoundedList<UnknownField>()
    /// The fields of it that are given more than once, and keys of its maps.
    private var repeatedFields = BoundedList<UnknownField>()
    private var unknownNames = BoundedList<UnknownName>()
    /// The keys of the map that is being checked; kept for the room that it has.
    private var keys: [Range<Int>] = []

    /// - Parameters:
    ///   - json: the text of one document, which has been decoded.
    ///   - session: the one in which it was.
    init(_ json: Data, decodedIn session: DecodingSession) {
        (self.json, self.session) = (json, session)
        (origin, namespace, firstItem) = (session.origin, session.namespace, session.firstItem)
    }

    /// All such fields.
    mutating func run() -> [UnknownName] {
        let json = json
        var walk = JSONWalk()
        checkItem(json.span, &walk, at: FieldPath(), listed: nil)
        return unknownNames.elements
    }

    /// Where an object or list says its type, as far as it has been read: the bytes between the quotes.
    private struct Header {
        var kind: Range<Int>?
        var apiVersion: Range<Int>?
        /// Whether a list of items has been met.
        var hasItems = false
    }

    /// What a header says, where the parts that it does not say are those of a list's items.
    private func type(_ header: Header, listed: ObjectType? = nil) -> ObjectType? {
        guard let kind = header.kind.flatMap(string) ?? listed?.kind,
            let version = header.apiVersion.flatMap(string) ?? listed?.apiVersion
        else { return nil }
        return ObjectType(apiVersion: version, kind: kind)
    }

    /// Whether a header says a type, without making texts of it.
    private func says(_ type: ObjectType, _ header: Header, _ text: Span<UInt8>, listed: ObjectType?) -> Bool {
        func isEqual(_ range: Range<Int>?, _ other: String?, _ expected: String) -> Bool {
            guard let range else { return other == expected }
            guard range.count == expected.utf8.count else { return false }
            return zip(range, expected.utf8).allSatisfy { text[$0] == $1 }
        }
        return isEqual(header.kind, listed?.kind, type.kind)
            && isEqual(header.apiVersion, listed?.apiVersion, type.apiVersion)
    }

    /// Checks the object or list that comes next.
    ///
    /// - Parameter listed: the type of the items of the list that it is in, where the list says it.
    private mutating func checkItem(
        _ text: Span<UInt8>, _ walk: inout JSONWalk, at place: FieldPath, listed: ObjectType?
    ) {
        guard walk.peek(text) == UInt8(ascii: "{"), place.steps.count < 2 * KubernetesDocument.listDepthLimit else {
            return walk.skipValue(text)
        }
        let start = walk
        if let last {
            checkObject(text, &walk, last.kind.schema(in: last.type.apiVersion))
            if says(last.type, header, text, listed: listed) {
                return report(last.kind, in: start.offset..<walk.offset, at: place)
            }
            // Not to be tried again and again in lists within lists.
            self.last = nil
            walk = start
        }
        let header = readHeader(text, walk)
        let type = type(header, listed: listed)
        if type?.kind.hasSuffix("List") ?? header.hasItems {
            checkList(text, &walk, header, at: place)
        } else if let type, let kind = session.kind(of: type) {
            checkObject(text, &walk, kind.schema(in: type.apiVersion))
            report(kind, in: start.offset..<walk.offset, at: place)
            last = (type, kind)
        } else {
            walk.skipValue(text)
        }
    }

    /// The type of an object that comes next; no further than its items, if it meets them first.
    private func readHeader(_ text: Span<UInt8>, _ start: JSONWalk, beyondItems: Bool = false) -> Header {
        var header = Header()
        var walk = start
        walk.enter()
        while header.kind == nil || header.apiVersion == nil, let key = walk.nextKey(text) {
            switch FieldSchema.list.name(of: text, key) {
            case "items" where !beyondItems && walk.peek(text) == UInt8(ascii: "["):
                header.hasItems = true
                return header
            case "kind": header.kind = readString(text, &walk)
            case "apiVersion": header.apiVersion = readString(text, &walk)
            default: walk.skipValue(text)
            }
        }
        return header
    }

    private mutating func checkList(
        _ text: Span<UInt8>, _ walk: inout JSONWalk, _ header: Header, at place: FieldPath
    ) {
        let start = walk
        // What is found within is kept apart until it is known whether these are objects.
        var found = BoundedList<UnknownName>()
        swap(&found, &unknownNames)
        var header = header
        var (unknown, repeated) = (BoundedList<UnknownField>(), BoundedList<UnknownField>())
        var (met, metAgain): (Set<String>, Set<String>) = ([], [])
        walk.enter()
        while let key = walk.nextKey(text) {
            let field = FieldSchema.list.name(of: text, key)
            if let field, !met.insert(field).inserted, metAgain.insert(field).inserted {
                repeated.append(UnknownField(repeated: FieldPath(field)))
            }
            switch field {
            case "items" where walk.peek(text) == UInt8(ascii: "["):
                // A list that says its type behind its items is most often a `List`, whose items say theirs.
                // In a list within a list the items must say it: to read on in each of many such lists would have no end.
                if place.steps.isEmpty, type(header) == nil, !firstSaysType(text, walk) {
                    header = readHeader(text, start, beyondItems: true)
                }
                checkItems(text, &walk, at: place["items"], listed: type(header)?.itemType)
            case "kind":
                let kind = readString(text, &walk)
                header.kind = header.kind ?? kind
            case nil:
                unknown.append(UnknownField(name(key), at: FieldPath(name(key)), of: .list, within: nil))
                walk.skipValue(text)
            default: walk.skipValue(text)
            }
        }
        swap(&found, &unknownNames)
        // Something of another kind may have a field of this name: what stands in it are no objects then.
        let kind = header.kind.flatMap(string)
        guard kind?.hasSuffix("List") == true else { return }
        found.elements.forEach { unknownNames.append($0) }
        // Each part of a list has what stands around its items: the first tells of it.
        guard !place.steps.isEmpty || firstItem == 0 else { return }
        (unknownFields, repeatedFields) = (kind == "List" ? unknown : BoundedList(), repeated)
        report(nil, in: start.offset..<walk.offset, at: place)
    }

    private mutating func checkItems(
        _ text: Span<UInt8>, _ walk: inout JSONWalk, at place: FieldPath, listed: ObjectType?
    ) {
        // A part of a list is a document by itself, never an item of one.
        var number = place.steps.count == 1 ? firstItem : 0
        walk.enter()
        while walk.nextElement(text) {
            checkItem(text, &walk, at: place[number], listed: listed)
            number += 1
        }
    }

    /// Whether the first of the items that come next says its type.
    private func firstSaysType(_ text: Span<UInt8>, _ list: JSONWalk) -> Bool {
        var walk = list
        walk.enter()
        guard walk.nextElement(text), walk.peek(text) == UInt8(ascii: "{") else { return true }
        return type(readHeader(text, walk)) != nil
    }

    private mutating func checkObject(_ text: Span<UInt8>, _ walk: inout JSONWalk, _ schema: FieldSchema) {
        (header, path) = (Header(), FieldPath())
        (unknownFields, repeatedFields) = (BoundedList(), BoundedList())
        checkFields(text, &walk, of: schema, within: nil)
    }

    /// Checks the fields of an object that comes next.
    ///
    /// - Parameter parent: the type of the object that holds it.
    private mutating func checkFields(
        _ text: Span<UInt8>, _ walk: inout JSONWalk, of schema: FieldSchema, within parent: FieldSchema?
    ) {
        var expected = 0
        // A bit for each field of the type: none has more than 128.
        var (met, repeated): (UInt128, UInt128) = (0, 0)
        walk.enter()
        while let key = walk.nextKey(text) {
            // A key may be written with escapes too.
            guard
                let position = schema.position(of: text, key, expected: expected)
                    ?? schema.names.firstIndex(of: name(key))
            else {
                unknownFields.append(UnknownField(name(key), at: path[name(key)], of: schema, within: parent))
                walk.skipValue(text)
                continue
            }
            expected = position + 1
            let bit: UInt128 = 1 << position
            if met & bit != 0, repeated & bit == 0 {
                repeatedFields.append(UnknownField(repeated: path[schema.names[position]]))
                repeated |= bit
            }
            met |= bit
            switch schema.contents[position] {
            case .object(let inner) where walk.peek(text) == UInt8(ascii: "{"):
                path.steps.append(.key(schema.names[position]))
                checkFields(text, &walk, of: inner, within: schema)
                path.steps.removeLast()
            case .list(let inner) where walk.peek(text) == UInt8(ascii: "["):
                path.steps.append(.key(schema.names[position]))
                checkElements(text, &walk, of: inner, within: schema)
                path.steps.removeLast()
            default:
                if parent == nil, schema.names[position] == "kind" {
                    header.kind = readString(text, &walk)
                } else if parent == nil, schema.names[position] == "apiVersion" {
                    header.apiVersion = readString(text, &walk)
                } else if schema.isRead[position], walk.peek(text) == UInt8(ascii: "{") {
                    checkKeys(text, &walk, at: schema.names[position])
                } else {
                    walk.skipValue(text)
                }
            }
        }
    }

    /// Checks the keys of a map that comes next. Most have few.
    private mutating func checkKeys(_ text: Span<UInt8>, _ walk: inout JSONWalk, at field: String) {
        keys.removeAll(keepingCapacity: true)
        walk.enter()
        while let key = walk.nextKey(text) {
            keys.append(key)
            walk.skipValue(text)
        }
        guard keys.count > 1, keys.count > Self.fewKeys || hasEqualKeys(text) else { return }
        var (met, metAgain): (Set<String>, Set<String>) = ([], [])
        for key in keys.map(name) where !met.insert(key).inserted && metAgain.insert(key).inserted {
            repeatedFields.append(UnknownField(repeated: path[field][key]))
        }
    }

    /// So many keys are compared with each other.
    private static let fewKeys = 16

    /// Whether two keys are written alike, or one with escapes, which can make it equal to another.
    private func hasEqualKeys(_ text: Span<UInt8>) -> Bool {
        for (number, key) in keys.enumerated() {
            for index in key where text[index] == UInt8(ascii: "\\") { return true }
            for other in keys[..<number] where other.count == key.count {
                if zip(other, key).allSatisfy({ text[$0] == text[$1] }) { return true }
            }
        }
        return false
    }

    /// Checks the fields of the objects in a list that comes next.
    private mutating func checkElements(
        _ text: Span<UInt8>, _ walk: inout JSONWalk, of schema: FieldSchema, within parent: FieldSchema
    ) {
        var index = 0
        walk.enter()
        while walk.nextElement(text) {
            if walk.peek(text) == UInt8(ascii: "{") {
                path.steps.append(.index(index))
                checkFields(text, &walk, of: schema, within: parent)
                path.steps.removeLast()
            } else {
                walk.skipValue(text)
            }
            index += 1
        }
    }

    /// Turns what was found in an object into what is to be said about it.
    private mutating func report(_ kind: ObjectKind?, in range: Range<Int>, at place: FieldPath) {
        guard !unknownFields.elements.isEmpty || !repeatedFields.elements.isEmpty else { return }
        let text = json.dropFirst(range.lowerBound).prefix(range.count)
        let object = try? JSONDecoder().decode(ObjectHead.self, from: text)
        let title = object?.title(kind, namespace: namespace) ?? ""
        let origin = Origin(file: origin.file, document: origin.document, path: place)
        let isStored = object?.isStored == true
        for field in unknownFields.elements + repeatedFields.elements {
            unknownNames.append(field.unknownName(in: title, origin: origin, isStored: isStored))
        }
        (unknownFields, repeatedFields) = (BoundedList(), BoundedList())
    }

    /// Passes over a value; what stands between its quotes if it is a string.
    private func readString(_ text: Span<UInt8>, _ walk: inout JSONWalk) -> Range<Int>? {
        let isString = walk.peek(text) == UInt8(ascii: "\"")
        let start = walk.offset + 1
        walk.skipValue(text)
        return isString ? start..<max(start, walk.offset - 1) : nil
    }

    /// The key between whose quotes a range is.
    private func name(_ key: Range<Int>) -> String { string(key) ?? "" }

    /// The text between quotes; nil where its escapes are wrong.
    private func string(_ range: Range<Int>) -> String? {
        let bytes = json.dropFirst(range.lowerBound).prefix(range.count)
        if !bytes.contains(UInt8(ascii: "\\")) { return String(decoding: bytes, as: UTF8.self) }
        return try? JSONDecoder().decode(String.self, from: Data("\"".utf8) + bytes + Data("\"".utf8))
    }
}
