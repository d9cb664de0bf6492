// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

extension ClusterObjects {
    /// Removes every object that stands in the input before, as when `kubectl get all,services` prints it twice.
    ///
    /// Objects of one kind, namespace and name count as the same if they agree in all that is read of them. Where they do not
    /// it is an error, and the first counts.
    ///
    /// - Parameter hint: what else may be done about one that is defined twice, where the files are parts of something.
    package mutating func removeDuplicates(hint: String? = nil) -> [Diagnostic] {
        var found = DiagnosticList()
        removeDuplicates(in: \.services, \.meta, into: &found) { _ in .service }
        removeDuplicates(in: \.endpointSlices, \.meta, into: &found) { _ in .endpointSlice }
        removeDuplicates(in: \.endpoints, \.meta, into: &found) { _ in .endpoints }
        removeDuplicates(in: \.pods, \.meta, into: &found) { _ in .pod }
        removeDuplicates(in: \.workloads, \.meta, into: &found) { $0.kind.objectKind }
        removeDuplicates(in: \.nodes, \.meta, into: &found) { _ in .node }
        removeDuplicates(in: \.namespaces, \.meta, into: &found) { _ in .namespace }
        removeDuplicates(in: \.serviceCIDRs, \.meta, into: &found) { _ in .serviceCIDR }
        removeDuplicates(in: \.resourceQuotas, \.meta, into: &found) { _ in .resourceQuota }
        removeDuplicates(in: \.ingresses, \.meta, into: &found) { _ in .ingress }
        removeDuplicates(in: \.ingressClasses, \.meta, into: &found) { _ in .ingressClass }
        removeDuplicates(in: \.secrets, \.meta, into: &found) { _ in .secret }
        guard let hint else { return found.diagnostics }
        return found.diagnostics.map { diagnostic in
            var hinting = diagnostic
            hinting.hint = [diagnostic.hint, hint].compactMap(\.self).joined(separator: "; ")
            return hinting
        }
    }

    private mutating func removeDuplicates<Object: Equatable>(
        in list: WritableKeyPath<ClusterObjects, [Object]>, _ meta: WritableKeyPath<Object, ObjectMeta>,
        into found: inout DiagnosticList, kind: (Object) -> ObjectKind
    ) {
        let objects = self[keyPath: list]
        var first: [Name: Int] = [:]
        first.reserveCapacity(objects.count)
        var duplicates: Set<Int> = []
        for position in objects.indices where !objects[position][keyPath: meta].name.isEmpty {
            let object = objects[position]
            let name = Name(kind: kind(object), meta: object[keyPath: meta])
            guard let other = first[name] else {
                first[name] = position
                continue
            }
            duplicates.insert(position)
            var copy = object
            copy[keyPath: meta].origin = objects[other][keyPath: meta].origin
            guard copy != objects[other] else { continue }
            var report = ObjectReport(name.kind, object[keyPath: meta])
            let (here, there) = (object[keyPath: meta].origin, objects[other][keyPath: meta].origin)
            report.contradiction(
                FieldPath("metadata", "name"),
                "\(quoted(name.name)) is defined twice, and not alike; the first is \(there.words(from: here))",
                hint: "remove one of the two" + (here.file == there.file ? "" : ", or leave a file out with --exclude"))
            found.append(contentsOf: report.diagnostics)
        }
        guard !duplicates.isEmpty else { return }
        self[keyPath: list] = objects.indices.filter { !duplicates.contains($0) }.map { objects[$0] }
    }
}

/// What tells an object from others.
private struct Name: Hashable {
    let kind: ObjectKind
    let namespace: String
    let name: String

    init(kind: ObjectKind, meta: borrowing ObjectMeta) {
        (self.kind, namespace, name) = (kind, meta.namespace, meta.name)
    }
}

extension Origin {
    /// Where an object stands, in words for the reader of another place.
    fileprivate func words(from other: Origin) -> String {
        let isFirst = document == 0 && (file != other.file || document == other.document)
        return "in \(file)" + (isFirst ? "" : ", document \(document + 1)") + (path.steps.isEmpty ? "" : " at \(path)")
    }
}
