// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes

/// The objects of one kind, by namespace and name.
///
/// They stand in an array without holes, so that all of them can be gone through on several processors; an object keeps its
/// place until another one takes the last object's place to fill a hole.
package struct ObjectTable<Object: NamedObject>: Sendable {
    /// In no order of meaning.
    package private(set) var objects: [Object]
    private var places: [ObjectKey: Int32] = [:]

    /// What became of an object's place.
    struct Removal {
        let object: Object
        /// The object that took the place, and where it stood before; nil if it was the last.
        let moved: (object: Object, from: Int)?
        let place: Int
    }

    /// A table of some objects, without copying them. Of several with one key the last counts.
    init(_ objects: [Object] = []) {
        self.objects = objects
        places.reserveCapacity(objects.count)
        var superseded: Set<Int32> = []
        for place in objects.indices {
            if let earlier = places.updateValue(Int32(place), forKey: ObjectKey(objects[place].meta)) {
                superseded.insert(earlier)
            }
        }
        guard !superseded.isEmpty else { return }
        self.objects = objects.indices.filter { !superseded.contains(Int32($0)) }.map { objects[$0] }
        for place in self.objects.indices { places[ObjectKey(self.objects[place].meta)] = Int32(place) }
    }

    package var count: Int { objects.count }
    package var isEmpty: Bool { objects.isEmpty }

    package subscript(_ key: ObjectKey) -> Object? { places[key].map { objects[Int($0)] } }

    /// Where an object stands in ``objects``.
    package func place(of key: ObjectKey) -> Int? { places[key].map(Int.init) }

    package func key(at place: Int) -> ObjectKey { ObjectKey(objects[place].meta) }

    /// The keys of all objects, in order.
    package var sortedKeys: [ObjectKey] { places.keys.sorted() }

    /// The places of all objects in the order of their keys. Objects are large: sorting copies of them would cost more than
    /// all else that is done with them.
    package var sortedPlaces: [Int] {
        let keys = objects.indices.map(key)
        return objects.indices.sorted { keys[$0] < keys[$1] }
    }

    /// The object that was there before, and the place.
    mutating func put(_ object: Object) -> (old: Object?, place: Int) {
        let key = ObjectKey(object.meta)
        if let place = places[key].map(Int.init) {
            let old = objects[place]
            objects[place] = object
            return (old, place)
        }
        places[key] = Int32(objects.count)
        objects.append(object)
        return (nil, objects.count - 1)
    }

    /// nil if there is no such object.
    mutating func remove(_ key: ObjectKey) -> Removal? {
        guard let place = places.removeValue(forKey: key).map(Int.init) else { return nil }
        let last = objects.count - 1
        let object = objects[place]
        let moved = place < last ? (object: objects[last], from: last) : nil
        if let moved {
            objects[place] = moved.object
            places[ObjectKey(moved.object.meta)] = Int32(place)
        }
        objects.removeLast()
        return Removal(object: object, moved: moved, place: place)
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
