// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
package import FoundationEssentials

/// A list of objects, or a page of one, as an API server answers.
package struct ObjectList: Sendable, Hashable {
    /// `metadata.resourceVersion`: where a watch goes on from.
    package var resourceVersion = ""
    /// `metadata.continue`: where the next page begins; empty on the last.
    package var continueToken = ""
    package var objects: [StoredObject] = []
    package var unreadable: [UnreadableObject] = []

    package init() {}
}

/// Why an answer cannot be read at all.
package struct UnreadableAnswer: Error, CustomStringConvertible {
    /// What is wrong with it.
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension ObjectList {
    /// Reads an answer.
    ///
    /// - Throws: where it is not a list. Single objects that cannot be read are in ``unreadable``.
    package init(_ body: Data, _ type: MediaType, of resource: Resource) throws(UnreadableAnswer) {
        switch type {
        case .protobuf: try self.init(protobuf: body.span, of: resource)
        case .json: try self.init(json: body, of: resource)
        }
    }

    /// 1 metadata (2 resourceVersion, 3 continue), 2 items: the same in every list.
    private init(protobuf bytes: Span<UInt8>, of resource: Resource) throws(UnreadableAnswer) {
        self.init()
        var decoder = WireDecoder()
        do throws(WireError) {
            var list = WireReader(try Envelope(bytes, 0..<bytes.count).message)
            while let field = try list.next(bytes) {
                switch field.number {
                case 1:
                    var meta = WireReader(try field.range)
                    while let field = try meta.next(bytes) {
                        switch field.number {
                        case 2: resourceVersion = try decoder.string(bytes, field)
                        case 3: continueToken = try decoder.string(bytes, field)
                        default: break
                        }
                    }
                case 2: add(bytes, try field.range, resource, &decoder)
                default: break
                }
            }
        } catch {
            throw UnreadableAnswer("the list of \(resource.rawValue) cannot be read: \(error)")
        }
    }

    private mutating func add(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ resource: Resource, _ decoder: inout WireDecoder
    ) {
        do throws(WireError) {
            objects.append(try decoder.object(bytes, range, of: resource))
        } catch {
            unreadable.append(
                UnreadableObject(
                    resource: resource, key: decoder.key(bytes, range), reason: error.description))
        }
    }

    private init(json: Data, of resource: Resource) throws(UnreadableAnswer) {
        self.init()
        let list: ListDocument
        do {
            list = try JSONDecoder.ofObjects(resource).decode(ListDocument.self, from: json)
        } catch {
            throw UnreadableAnswer("the list of \(resource.rawValue) cannot be read: it is not a list in JSON")
        }
        (resourceVersion, continueToken) = (list.metadata.resourceVersion ?? "", list.metadata.continue ?? "")
        for item in list.items ?? [] {
            switch item {
            case .object(let object): objects.append(object)
            case .unreadable(let object): unreadable.append(object)
            }
        }
    }
}

private struct ListDocument: Decodable {
    struct Meta: Decodable {
        let resourceVersion: String?
        let `continue`: String?
    }
    let metadata: Meta
    let items: [ServedObject]?
}
