// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// The places of each service's EndpointSlices in their table.
///
/// Each call is passed the table's slices; one that is removed must still be among them.
struct SliceIndex: Sendable {
    /// One slice of each service.
    private var first = PlaceIndex()
    /// By place: the place of a further slice of the same service, or -1. Nearly every service has one slice alone.
    private var next: [Int32] = []

    init() {}

    init(_ slices: [EndpointSlice]) {
        first.reserveCapacity(slices.count)
        next.reserveCapacity(slices.count)
        for place in slices.indices { insert(place, in: slices) }
    }

    /// In no order of meaning.
    func places(of service: ObjectKey, in slices: [EndpointSlice]) -> [Int] {
        guard let first = firstPlace(of: service, in: slices) else { return [] }
        var places = [first]
        while let place = following(places[places.count - 1]) { places.append(place) }
        return places
    }

    /// One slice of a service.
    func firstPlace(of service: ObjectKey, in slices: [EndpointSlice]) -> Int? {
        first.place(service.hashValue) { EndpointSlice.isOf(service, slices[$0].meta) }
    }

    /// A slice without a service is passed over.
    mutating func insert(_ place: Int, in slices: [EndpointSlice]) {
        while next.count <= place { next.append(-1) }
        guard let service = EndpointSlice.serviceKey(slices[place].meta) else { return }
        if let head = firstPlace(of: service, in: slices) {
            (next[place], next[head]) = (next[head], Int32(place))
        } else {
            first.insert(place, service.hashValue)
        }
    }

    mutating func remove(_ place: Int, in slices: [EndpointSlice]) {
        guard let service = EndpointSlice.serviceKey(slices[place].meta) else { return }
        if let predecessor = predecessor(of: place, service, in: slices) {
            next[predecessor] = next[place]
        } else if let heir = following(place) {
            first.move(place, to: heir, service.hashValue)
        } else {
            first.remove(place, service.hashValue)
        }
        next[place] = -1
    }

    /// The slice of one place will stand in another, where none is any more.
    mutating func move(_ old: Int, to new: Int, in slices: [EndpointSlice]) {
        guard let service = EndpointSlice.serviceKey(slices[old].meta) else { return }
        if let predecessor = predecessor(of: old, service, in: slices) {
            next[predecessor] = Int32(new)
        } else {
            first.move(old, to: new, service.hashValue)
        }
        (next[new], next[old]) = (next[old], -1)
    }

    private func following(_ place: Int) -> Int? { next[place] < 0 ? nil : Int(next[place]) }

    /// nil for the first one of its service.
    private func predecessor(of place: Int, _ service: ObjectKey, in slices: [EndpointSlice]) -> Int? {
        var known = firstPlace(of: service, in: slices)
        guard known != place else { return nil }
        while let candidate = known, following(candidate) != place { known = following(candidate) }
        return known
    }
}

extension EndpointSlice {
    /// The service that the slice names by its label; nil where it has none.
    package var serviceKey: ObjectKey? { EndpointSlice.serviceKey(meta) }

    /// Slices are large: what is asked of one borrows.
    static func serviceKey(_ meta: borrowing ObjectMeta) -> ObjectKey? {
        meta.labels[EndpointSlice.serviceNameLabel].map { ObjectKey(meta.namespace, $0) }
    }

    fileprivate static func isOf(_ service: ObjectKey, _ meta: borrowing ObjectMeta) -> Bool {
        meta.namespace == service.namespace && meta.labels[EndpointSlice.serviceNameLabel] == service.name
    }
}
