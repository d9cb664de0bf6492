// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Finds objects of one kind, namespace and name that stand in the input twice.
enum DuplicateObjects {
    private struct Name: Hashable {
        let namespace: String
        let name: String
    }

    static func diagnostics(of objects: ClusterObjects) -> [Diagnostic] {
        var found: [Diagnostic] = []
        found += diagnostics("Service", objects.services.lazy.map(\.meta))
        found += diagnostics("EndpointSlice", objects.endpointSlices.lazy.map(\.meta))
        found += diagnostics("Endpoints", objects.endpoints.lazy.map(\.meta))
        found += diagnostics("Pod", objects.pods.lazy.map(\.meta))
        for kind in Workload.Kind.allCases {
            found += diagnostics(kind.rawValue, objects.workloads.filter { $0.kind == kind }.map(\.meta))
        }
        found += diagnostics("Node", objects.nodes.lazy.map(\.meta))
        found += diagnostics("Namespace", objects.namespaces.lazy.map(\.meta))
        found += diagnostics("ServiceCIDR", objects.serviceCIDRs.lazy.map(\.meta))
        return found
    }

    private static func diagnostics(_ kind: String, _ metas: some Collection<ObjectMeta>) -> [Diagnostic] {
        var first: [Name: Origin] = [:]
        first.reserveCapacity(metas.count)
        var found: [Diagnostic] = []
        for meta in metas where !meta.name.isEmpty {
            let name = Name(namespace: meta.namespace, name: meta.name)
            guard let origin = first[name] else {
                first[name] = meta.origin
                continue
            }
            var report = ObjectReport(kind: kind, meta: meta)
            report.contradiction(
                FieldPath("metadata", "name"),
                "\(quoted(meta.name)) is defined twice; the first is \(place(of: origin, from: meta.origin))",
                hint: "remove one of the two")
            found += report.diagnostics
        }
        return found
    }

    /// Where an object stands, in words for the reader of another place.
    private static func place(of origin: Origin, from other: Origin) -> String {
        let isFirst = origin.document == 0 && (origin.file != other.file || origin.document == other.document)
        let document = isFirst ? "" : ", document \(origin.document + 1)"
        return "in \(origin.file)\(document)" + (origin.path.steps.isEmpty ? "" : " at \(origin.path)")
    }
}
