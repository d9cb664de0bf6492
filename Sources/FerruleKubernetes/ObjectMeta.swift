// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
internal import FerruleText

/// The metadata of an object (`ObjectMeta`), as far as Ferrule uses it.
package struct ObjectMeta: Sendable, Hashable {
    package var name: String
    /// `default` where the document of a namespaced kind names none; empty for kinds without a namespace.
    package var namespace: String
    package var labels: Labels
    /// Whether `deletionTimestamp` is set: the object is being deleted.
    package var isBeingDeleted: Bool
    /// Whether `uid` is set: an API server has accepted and written the object.
    package var isStored = false
    /// `generateName`: what the name begins with that the API server is to choose if there is none; of what it has
    /// written and named none.
    package var generateName: String?
    /// The keys of the annotations, sorted; of what an API server has written none: it has checked them.
    package var newAnnotations: [String] = []
    /// Where the object was read.
    package var origin: Origin
    /// The fields of the object whose values have the wrong type. They are absent from the value and already reported, so
    /// that validation does not call them missing.
    package var unreadableFields: Set<FieldPath> = []

    /// What tells the object from others of its kind and namespace: its name, or where it stands if the API server is to
    /// choose one: `web-* in pods.yaml, document 2`, which can be nobody's name.
    package var ownName: String {
        guard name.isEmpty else { return name }
        let place = origin.path.steps.isEmpty ? "" : " at \(origin.path)"
        return "\(generateName ?? "")* in \(origin.file), document \(origin.document + 1)\(place)".printable
    }

    /// The namespace of objects that name none, where nobody says another.
    package static let defaultNamespace = "default"

    /// Whether a namespace may have a name: a DNS label (RFC 1123).
    package static func isNamespaceName(_ name: String) -> Bool { NameForm.label.matches(name) }

    package init(
        name: String, namespace: String = Self.defaultNamespace, labels: Labels = [:],
        isBeingDeleted: Bool = false,
        origin: Origin = Origin(file: "-")
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.isBeingDeleted = isBeingDeleted
        self.origin = origin
    }
}
