// SPDX-License-Identifier: Apache-2.0
//
// FerruleCluster: the objects of a cluster by kind, namespace and name, kept up to date by changes, and which services a
// change concerns. Objects from files and from an API server are the same here. It knows nothing of where changes come
// from, nor of what is made of the objects.

package import FerruleKubernetes

/// A namespace and a name; the namespace is empty for kinds that have none.
package struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let namespace: String
    package let name: String

    package init(_ namespace: String, _ name: String) { (self.namespace, self.name) = (namespace, name) }

    /// The key of an object; where the API server is to choose the name, it is made of the object's place
    /// (``ObjectMeta/ownName``).
    ///
    /// Borrows, because an initializer takes its arguments as copies otherwise, and this one is called for every object.
    package init(_ meta: borrowing ObjectMeta) { self.init(meta.namespace, meta.ownName) }

    /// The same of an object among many, which is asked for what it has of its own only where it has no name: that copies.
    @inline(__always)
    init(_ namespace: String, _ name: String, orOf meta: @autoclosure () -> ObjectMeta) {
        self = name.isEmpty ? ObjectKey(meta()) : ObjectKey(namespace, name)
    }

    /// By namespace, then by name, as text.
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }

    /// `namespace/name`
    package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
