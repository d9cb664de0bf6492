// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Names namespaces that manifests use and do not declare, where they declare others: one of the two is misspelt, or the API
/// server will refuse the object until somebody makes the namespace.
enum UndeclaredNamespaces {
    /// Those that every cluster has.
    private static let ofEveryCluster: Set<String> = ["default", "kube-system", "kube-public", "kube-node-lease"]

    /// A warning for each such namespace, at the first object that is in it.
    ///
    /// - Parameter given: the namespace of objects that name none, which is there by the word of whoever gave it.
    static func diagnostics(of objects: ClusterObjects, given: String?) -> [Diagnostic] {
        let declared = Set(objects.namespaces.map(\.meta.name)).sorted()
        guard !declared.isEmpty else { return [] }
        var known = ofEveryCluster.union(declared)
        if let given { known.insert(given) }
        var found: [Diagnostic] = []
        // What an API server has written is in a namespace that there is, and most objects may be of that kind.
        func look(_ kind: ObjectKind, _ meta: ObjectMeta) {
            guard !meta.isStored, known.insert(meta.namespace).inserted else { return }
            found.append(warning(kind, meta, declared))
        }
        for object in objects.services { look(.service, object.meta) }
        for object in objects.endpointSlices { look(.endpointSlice, object.meta) }
        for object in objects.endpoints { look(.endpoints, object.meta) }
        for object in objects.pods { look(.pod, object.meta) }
        for object in objects.workloads { look(object.kind.objectKind, object.meta) }
        for object in objects.resourceQuotas { look(.resourceQuota, object.meta) }
        for object in objects.ingresses { look(.ingress, object.meta) }
        for object in objects.secrets { look(.secret, object.meta) }
        return found
    }

    private static func warning(_ kind: ObjectKind, _ meta: ObjectMeta, _ declared: [String]) -> Diagnostic {
        let meant = LetterDistance.nearest(to: meta.namespace, among: declared).map { "; did you mean \(quoted($0))?" }
        return Diagnostic(
            .warning,
            "no Namespace of the input is called \(quoted(meta.namespace))"
                + (meant ?? ", beside \(declared.prefix(3).map(quoted).joined(separator: ", "))"),
            object: "\(kind.rawValue) \(meta.displayName)", field: FieldPath("metadata", "namespace"),
            origin: meta.origin)
    }
}
