// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes

/// The objects of one kind, by namespace and name.
///
/// They stand in an array without holes, so that all of them can be gone through on several processors; an object keeps its
/// place until another one takes the last object's place to fill a hole.
package struct ObjectTable<Object: NamedObject>: Sendable {
    /// In no order of meaning.
    package private(set) var objects: [Object]
    private var places = PlaceIndex()

    /// A table of some objects, without copying them. Of several with one key the last counts.
    init(_ objects: [Object] = []) { self.init(objects) { objects[$0].key } }

    /// - Parameter key: of the object in a place. Who knows the type of the objects makes it without copying one.
    @inline(__always)
    init(_ objects: [Object], key keyAt: (Int) -> ObjectKey) {
        self.objects = objects
        places.reserveCapacity(objects.count)
        var superseded: Set<Int> = []
        for place in objects.indices {
            let key = keyAt(place)
            let hash = key.hashValue
            if let earlier = places.place(hash, where: { keyAt($0) == key }) {
                superseded.insert(earlier)
                places.remove(earlier, hash)
            }
            places.insert(place, hash)
        }
        guard !superseded.isEmpty else { return }
        self = ObjectTable(objects.indices.filter { !superseded.contains($0) }.map { objects[$0] })
    }

    package var count: Int { objects.count }
    package var isEmpty: Bool { objects.isEmpty }

    package subscript(_ key: ObjectKey) -> Object? { place(of: key).map { objects[$0] } }

    /// Where an object stands in ``objects``.
    package func place(of key: ObjectKey) -> Int? { place(of: key) { objects[$0].key } }

    /// - Parameter key: as for the initializer.
    @inline(__always)
    func place(of key: ObjectKey, key keyAt: (Int) -> ObjectKey) -> Int? {
        places.place(key.hashValue) { keyAt($0) == key }
    }

    package func key(at place: Int) -> ObjectKey { objects[place].key }

    /// The keys of all objects, in order.
    package var sortedKeys: [ObjectKey] { sortedPlaces.map(key) }

    /// The places of all objects in the order of their keys.
    package var sortedPlaces: [Int] { objects.indices.sortedPlaces { objects[$0].key } }

    /// The object that was there before, and the place.
    mutating func put(_ object: Object) -> (old: Object?, place: Int) {
        let key = object.key
        if let place = place(of: key) {
            let old = objects[place]
            objects[place] = object
            return (old, place)
        }
        places.insert(objects.count, key.hashValue)
        objects.append(object)
        return (nil, objects.count - 1)
    }

    /// Puts an object in the place of one with the same key.
    mutating func replace(at place: Int, with object: Object) { objects[place] = object }

    /// The object, whose place the last object takes; nil if there is no such object.
    mutating func remove(_ key: ObjectKey) -> Object? {
        guard let place = place(of: key) else { return nil }
        let last = objects.count - 1
        let object = objects[place]
        places.remove(place, key.hashValue)
        if place < last {
            places.move(last, to: place, self.key(at: last).hashValue)
            objects[place] = objects[last]
        }
        objects.removeLast()
        return object
    }
}

extension NamedObject {
    fileprivate var key: ObjectKey { ObjectKey(meta) }
}

extension Range<Int> {
    /// The places from 0 on in the ascending order of their keys. Objects are large: sorting copies of them would cost more than
    /// all else that is done with them.
    @inline(__always)
    func sortedPlaces(_ keyAt: (Int) -> ObjectKey) -> [Int] {
        // As a server lists them.
        if dropFirst().allSatisfy({ keyAt($0 - 1) < keyAt($0) }) { return Array(self) }
        let keys = map(keyAt)
        return sorted { keys[$0] < keys[$1] }
    }
}

/// An object with a name, for ``ObjectTable``.
package protocol NamedObject: Sendable {
    var meta: ObjectMeta { get }
}

extension Service: NamedObject {}
extension EndpointSlice: NamedObject {}
extension Endpoints: NamedObject {}
extension Pod: NamedObject {}
extension Workload: NamedObject {}
extension Node: NamedObject {}
extension Namespace: NamedObject {}
extension ServiceCIDR: NamedObject {}
