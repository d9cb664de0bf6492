// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import FerruleKubernetes
internal import FoundationEssentials

/// What a watch tells.
package enum WatchEvent: Sendable, Hashable {
    /// `ADDED`.
    case added(StoredObject)
    /// `MODIFIED`.
    case modified(StoredObject)
    /// `DELETED`; with the resource version of the deletion, which is empty where it could not be read.
    case deleted(ObjectKey, resourceVersion: String)
    /// Nothing has happened up to a resource version. A streaming list says by one that all objects have been sent.
    case bookmark(resourceVersion: String, endsInitialEvents: Bool)
    /// The watch cannot go on.
    case failed(ServerStatus)
    case unreadable(UnreadableObject)
    /// Of a type that is not known.
    case unknown(String)
}

/// The word by which an event says what it tells.
private enum EventType: String {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
    case bookmark = "BOOKMARK"
    case error = "ERROR"
}

extension WatchEvent {
    /// What is told of an object.
    fileprivate init(_ type: EventType, _ object: StoredObject) {
        switch type {
        case .deleted: self = .deleted(object.key, resourceVersion: object.resourceVersion)
        case .modified: self = .modified(object)
        case .added, .bookmark, .error: self = .added(object)
        }
    }

    /// What is told by an object that cannot be read: that one is gone takes no more than its name.
    fileprivate init(_ type: EventType, _ object: UnreadableObject) {
        if type == .deleted, let key = object.key {
            self = .deleted(key, resourceVersion: "")
        } else {
            self = .unreadable(object)
        }
    }
}

extension WireDecoder {
    /// A frame of a watch: `WatchEvent` of `meta/v1`: 1 type, 2 object, whose 1 is an envelope.
    mutating func event(_ bytes: Span<UInt8>, _ range: Range<Int>, of resource: Resource) throws(WireError)
        -> WatchEvent
    {
        var type = ""
        var raw: Range<Int>?
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: type = try string(bytes, field)
            case 2:
                var object = WireReader(try field.range)
                while let field = try object.next(bytes) {
                    if field.number == 1 { raw = try field.range }
                }
            default: break
            }
        }
        guard !type.isEmpty else { throw .malformed }
        guard let type = EventType(rawValue: type) else { return .unknown(type) }
        guard let raw else { throw .malformed }
        let message = try Envelope(bytes, raw).message
        switch type {
        case .added, .modified, .deleted:
            do throws(WireError) {
                return WatchEvent(type, try object(bytes, message, of: resource))
            } catch {
                return WatchEvent(
                    type, UnreadableObject(resource: resource, key: key(bytes, message), reason: error.description))
            }
        case .bookmark:
            var stored = StoredMeta()
            _ = try metadata(bytes, message, &stored)
            return .bookmark(
                resourceVersion: stored.resourceVersion, endsInitialEvents: stored.endsInitialEvents)
        case .error: return .failed(try status(bytes, message))
        }
    }
}

/// A line of a watch in JSON.
struct EventDocument: Decodable {
    let event: WatchEvent

    private enum Keys: CodingKey { case type, object }
    private struct Bookmark: Decodable { let metadata: StoredMeta }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Keys.self)
        let word = try fields.decode(String.self, forKey: .type)
        guard let type = EventType(rawValue: word) else {
            event = .unknown(word)
            return
        }
        switch type {
        case .added, .modified, .deleted:
            switch try fields.decode(ServedObject.self, forKey: .object) {
            case .object(let object): event = WatchEvent(type, object)
            case .unreadable(let object): event = WatchEvent(type, object)
            }
        case .bookmark:
            let meta = try fields.decode(Bookmark.self, forKey: .object).metadata
            event = .bookmark(
                resourceVersion: meta.resourceVersion, endsInitialEvents: meta.endsInitialEvents)
        case .error: event = .failed(try fields.decode(ServerStatus.self, forKey: .object))
        }
    }
}
