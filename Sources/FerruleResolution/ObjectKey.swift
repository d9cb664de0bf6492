// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// A namespace and a name.
struct ObjectKey: Hashable, Comparable {
    let namespace: String
    let name: String

    init(_ namespace: String, _ name: String) { (self.namespace, self.name) = (namespace, name) }

    init(_ meta: ObjectMeta) { self.init(meta.namespace, meta.name) }

    static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }
}
