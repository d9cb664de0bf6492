// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes

/// Makes objects of protobuf messages.
///
/// The field numbers are facts of the API (`generated.proto` of `k8s.io/api` and `k8s.io/apimachinery`); each is written
/// beside the field's name. Fields that are not used are passed over unread, managedFields above all, which are half of
/// what a server sends. Where the API makes no difference between an empty and an absent value, empty reads as absent,
/// since JSON leaves it out.
struct WireDecoder {
    var strings = StringPool()

    /// The object at a range of some bytes, of the kind of a resource.
    mutating func object(_ bytes: Span<UInt8>, _ range: Range<Int>, of resource: Resource) throws(WireError)
        -> StoredObject
    {
        var stored = StoredMeta()
        let object: ClusterObject =
            switch resource {
            case .services: .service(try service(bytes, range, &stored))
            case .endpointslices: .endpointSlice(try endpointSlice(bytes, range, &stored))
            case .nodes: .node(try node(bytes, range, &stored))
            case .servicecidrs: .serviceCIDR(try serviceCIDR(bytes, range, &stored))
            }
        guard !object.meta.name.isEmpty else { throw .missingName }
        return StoredObject(
            object: object, resourceVersion: stored.resourceVersion, changeTriggerTime: stored.changeTriggerTime)
    }

    /// The name of an object that cannot be read; nil where that cannot be read either.
    mutating func key(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ObjectKey? {
        var stored = StoredMeta()
        guard let meta = try? metadata(bytes, range, &stored), !meta.name.isEmpty else { return nil }
        return ObjectKey(meta)
    }

    /// `metadata` of an object of any kind.
    mutating func metadata(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta) throws(WireError)
        -> ObjectMeta?
    {
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            if field.number == 1 { return try meta(bytes, try field.range, &stored) }
        }
        return nil
    }

    /// `ObjectMeta` of `meta/v1`.
    mutating func meta(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta) throws(WireError)
        -> ObjectMeta
    {
        var meta = ObjectMeta(name: "", namespace: "", origin: StoredObject.origin)
        var generateName: Range<Int>?
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: meta.name = try string(bytes, field)
            case 2: generateName = try field.range
            case 3: meta.namespace = try string(bytes, field)
            case 5: meta.isStored = try !field.range.isEmpty  // uid
            case 6: stored.resourceVersion = try string(bytes, field)
            case 9: meta.isBeingDeleted = try !field.range.isEmpty  // deletionTimestamp
            case 11:
                let (key, value) = try entry(bytes, field)
                meta.labels[key] = value
            case 12:
                // Their values may be as large as the object: those that nobody asks for are passed over.
                let (key, value) = try entryRanges(bytes, field)
                let name = strings.string(bytes, key)
                if StoredMeta.isRead(name) { stored.takeAnnotation(name, strings.string(bytes, value)) }
            default: break
            }
        }
        if meta.name.isEmpty, let generateName, !generateName.isEmpty {
            meta.generateName = strings.string(bytes, generateName)
        }
        return meta
    }
}

// MARK: - Fields

extension WireDecoder {
    mutating func string(_ bytes: Span<UInt8>, _ field: WireField) throws(WireError) -> String {
        strings.string(bytes, try field.range)
    }

    /// A text that is absent where it is empty.
    mutating func text(_ bytes: Span<UInt8>, _ field: WireField) throws(WireError) -> String? {
        let range = try field.range
        return range.isEmpty ? nil : strings.string(bytes, range)
    }

    /// An entry of a map from strings to strings.
    mutating func entry(_ bytes: Span<UInt8>, _ field: WireField) throws(WireError) -> (key: String, value: String) {
        let (key, value) = try entryRanges(bytes, field)
        return (strings.string(bytes, key), strings.string(bytes, value))
    }

    /// Where the two parts of such an entry stand: 1 key, 2 value; each is empty where it is not there.
    private func entryRanges(_ bytes: Span<UInt8>, _ field: WireField) throws(WireError) -> (
        key: Range<Int>, value: Range<Int>
    ) {
        var (key, value) = (0..<0, 0..<0)
        var reader = WireReader(try field.range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: key = try field.range
            case 2: value = try field.range
            default: break
            }
        }
        return (key, value)
    }
}
