// SPDX-License-Identifier: Apache-2.0

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

    /// Reads `NAMESPACE/NAME`; nil for other texts.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(String(parts[0]), String(parts[1]))
    }

    /// By namespace, then by name, as text.
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.namespace == right.namespace ? left.name < right.name : left.namespace < right.namespace
    }

    /// `namespace/name`
    package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
