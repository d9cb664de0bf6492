// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// A namespace and a name.
struct ObjectKey: Hashable, Comparable {
    let namespace: String
    let name: String

    init(_ namespace: String, _ name: String) { (self.namespace, self.name) = (namespace, name) }

    /// Borrows, because an initializer takes its arguments as copies otherwise, and this one is called for every object.
    init(_ meta: borrowing ObjectMeta) { self.init(meta.namespace, meta.name) }

    static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}

extension [Service] {
    /// Their positions in the order of namespace and name. Services are large: to sort copies of them would cost more than
    /// all else that is done with them.
    var positionsByName: [Int] {
        let keys = indices.map { ObjectKey(self[$0].meta.namespace, self[$0].meta.name) }
        return indices.sorted { keys[$0] < keys[$1] }
    }
}
