// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import FerruleKubernetes
internal import FoundationEssentials

/// What a watch tells.
package enum WatchEvent: Sendable, Hashable {
    /// `ADDED` or `MODIFIED`.
    case put(StoredObject)
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

extension WatchEvent {
    /// What `ADDED`, `MODIFIED` or `DELETED` tells by an object that cannot be read: that one is gone takes no more than its name.
    fileprivate init(_ type: String, _ object: UnreadableObject) {
        if type == "DELETED", let key = object.key {
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
        guard let raw else { throw .malformed }
        let message = try Envelope(bytes, raw).message
        switch type {
        case "ADDED", "MODIFIED", "DELETED":
            do throws(WireError) {
                let object = try object(bytes, message, of: resource)
                return type == "DELETED" ? .deleted(object.key, resourceVersion: object.resourceVersion) : .put(object)
            } catch {
                return WatchEvent(
                    type, UnreadableObject(resource: resource, key: key(bytes, message), reason: error.description))
            }
        case "BOOKMARK":
            var stored = StoredMeta()
            _ = try metadata(bytes, message, &stored)
            return .bookmark(
                resourceVersion: stored.resourceVersion, endsInitialEvents: stored.endsInitialEvents)
        case "ERROR": return .failed(try status(bytes, message))
        default: return .unknown(type)
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
        let type = try fields.decode(String.self, forKey: .type)
        switch type {
        case "ADDED", "MODIFIED", "DELETED":
            switch try fields.decode(ServedObject.self, forKey: .object) {
            case .object(let object) where type == "DELETED":
                event = .deleted(object.key, resourceVersion: object.resourceVersion)
            case .object(let object): event = .put(object)
            case .unreadable(let object): event = WatchEvent(type, object)
            }
        case "BOOKMARK":
            let meta = try fields.decode(Bookmark.self, forKey: .object).metadata
            event = .bookmark(
                resourceVersion: meta.resourceVersion, endsInitialEvents: meta.endsInitialEvents)
        case "ERROR": event = .failed(try fields.decode(ServerStatus.self, forKey: .object))
        default: event = .unknown(type)
        }
    }
}
