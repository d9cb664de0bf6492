// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

extension ObjectMeta: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, generateName, namespace, uid, labels, deletionTimestamp }

    /// What is only checked: a slip in its name changes nothing here.
    private enum CheckedKeys: CodingKey { case annotations }

    static let schema = FieldSchema(Keys.self, unread: unread + ["creationTimestamp", "annotations"])

    /// What is read of no kind.
    fileprivate static let unread: [FieldSchema.Unread] = [
        "selfLink", "resourceVersion", "generation", "deletionGracePeriodSeconds",
        .init("ownerReferences", .list(of: .ownerReference)), "finalizers", "clusterName",
        .init("managedFields", .list(of: .managedFieldsEntry)),
    ]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(
            name: fields.value(.name) ?? "",
            namespace: fields.value(.namespace) ?? "",
            labels: fields.labels(.labels) ?? [:],
            isBeingDeleted: fields.value(.deletionTimestamp, as: String.self) != nil
        )
        isStored = fields.text(.uid) != nil
        if !isStored { newAnnotations = try Fields<CheckedKeys>(decoder).keys(.annotations).sorted() }
        if name.isEmpty || !isStored { generateName = fields.text(.generateName) }
    }

    /// Gives an object the namespace that is meant where it names none; one of a kind without namespaces has none.
    mutating func complete(isNamespaced: Bool, default given: String = ObjectMeta.defaultNamespace) {
        if !isNamespaced { namespace = "" } else if namespace.isEmpty { namespace = given }
    }

    /// The object within its kind, as people write it: `shop/web`, or only a name where there is no namespace.
    package var displayName: String {
        let text = name.isEmpty ? generateName.map { $0 + "*" } ?? "(without a name)" : name
        let name = text.brief(Self.longestName)
        return namespace.isEmpty ? name : "\(namespace.brief(Self.longestName))/\(name)"
    }

    /// No valid name is as long.
    private static let longestName = 300
}

/// The metadata of the kinds whose annotations and age count.
struct AnnotatedMeta: Decodable {
    let meta: ObjectMeta
    let annotations: [String: String]
    /// `2026-11-27T00:00:00Z`: of one form and in UTC where an API server has written it, so that texts sort by time.
    let creationTimestamp: String?

    /// ``ObjectMeta`` reads all but the last two.
    private enum Keys: CodingKey, CaseIterable {
        case name, generateName, namespace, uid, labels, deletionTimestamp, annotations, creationTimestamp
    }

    static let schema = FieldSchema(Keys.self, unread: ObjectMeta.unread)

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        meta = try ObjectMeta(from: decoder)
        annotations = fields.strings(.annotations) ?? [:]
        creationTimestamp = fields.text(.creationTimestamp)
    }
}
