// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

extension [ObjectKey] {
    /// Those of the keys that may have been meant by one that is not among them: whose names are a slip of the pen away and
    /// nearest, sorted, three at most. In a namespace of quite another name only where the object's is right.
    ///
    /// - Parameter namespace: the one that was named; nil where none was.
    package func nearest(to name: String, in namespace: String?) -> [ObjectKey] {
        let distances = compactMap { key -> (key: ObjectKey, distance: Int)? in
            guard let distance = LetterDistance.between(key.name, name) else { return nil }
            guard let namespace else { return (key, distance) }
            if let ofNamespace = LetterDistance.between(key.namespace, namespace) {
                return (key, distance + ofNamespace)
            }
            return distance == 0 ? (key, 2) : nil
        }
        let least = distances.map(\.distance).min()
        return Array(distances.filter { $0.distance == least }.map(\.key).sorted().prefix(3))
    }

    /// The same for an object that was named with its namespace.
    package func nearest(to key: ObjectKey) -> [ObjectKey] { nearest(to: key.name, in: key.namespace) }
}
