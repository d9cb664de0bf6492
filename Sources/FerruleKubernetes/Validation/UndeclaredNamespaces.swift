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
        let declared = Set(objects.namespaces.map(\.meta.name))
        guard !declared.isEmpty else { return [] }
        var known = declared.union(ofEveryCluster)
        if let given { known.insert(given) }
        var found: [Diagnostic] = []
        for (kind, meta) in namespaced(objects) where !meta.isStored && known.insert(meta.namespace).inserted {
            let near = declared.compactMap { name in
                LetterDistance.between(meta.namespace, name).map { (name: name, distance: $0) }
            }
            let nearest = near.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
            let others = declared.sorted().prefix(3).map(quoted).joined(separator: ", ")
            found.append(
                Diagnostic(
                    .warning,
                    "no Namespace of the input is called \(quoted(meta.namespace))"
                        + (nearest.map { "; did you mean \(quoted($0))?" } ?? ", beside \(others)"),
                    object: "\(kind) \(meta.displayName)", field: FieldPath("metadata", "namespace"),
                    origin: meta.origin))
        }
        return found
    }

    private static func namespaced(_ objects: ClusterObjects) -> [(kind: String, meta: ObjectMeta)] {
        objects.services.map { ("Service", $0.meta) } + objects.endpointSlices.map { ("EndpointSlice", $0.meta) }
            + objects.endpoints.map { ("Endpoints", $0.meta) } + objects.pods.map { ("Pod", $0.meta) }
            + objects.workloads.map { ($0.kind.rawValue, $0.meta) }
            + objects.resourceQuotas.map { ("ResourceQuota", $0.meta) } + objects.ingresses.map { ("Ingress", $0.meta) }
            + objects.secrets.map { ("Secret", $0.meta) }
    }
}
