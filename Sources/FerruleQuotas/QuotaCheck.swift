// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleText

/// Compares what namespaces declare with what their quotas allow, as an API server counts (`pkg/quota/v1/evaluator/core`).
///
/// Only objects of the input count, and the pods that workloads in it ask for: a cluster may hold more. A quota with scopes
/// is about some pods alone (``PodScope``).
package enum QuotaCheck {
    /// What does not fit.
    ///
    /// - Parameter isBinding: whether that is an error, unless all of it was written by an API server, which has taken it
    ///   already; else it is a warning.
    package static func diagnostics(of objects: ClusterObjects, isBinding: Bool) -> [Diagnostic] {
        let quotas = objects.resourceQuotas.compactMap { quota in PodScope(quota).map { (quota: quota, scope: $0) } }
        guard !quotas.isEmpty else { return [] }
        let contents = NamespaceContents.grouped(objects, namespaces: Set(quotas.map(\.quota.meta.namespace)))
        return quotas.flatMap { quota, scope in
            // `services` and `count/services` may both be limited, and exceeded in the same words.
            var messages: Set<String> = []
            return quota.hard.sorted { $0.key < $1.key }.compactMap { name, limit -> Diagnostic? in
                guard let resource = LimitedResource(rawValue: name), let limit = limit.count,
                    let found = contents[quota.meta.namespace]
                else { return nil }
                let excess = Excess(found.use(of: resource, in: scope), resource, of: quota, limit: limit)
                return excess?.diagnostic(isBinding: isBinding)
            }.filter { messages.insert($0.message).inserted }
        }
    }
}

/// More of something than a quota allows.
private struct Excess {
    private let uses: [Use]
    private let total: Int
    private let resource: LimitedResource
    private let quota: ResourceQuota
    private let limit: Int

    /// nil where it fits.
    init?(_ uses: [Use], _ resource: LimitedResource, of quota: ResourceQuota, limit: Int) {
        // Sums of what anybody may write can be too large to add.
        let total = uses.reduce(0) { sum, use in
            let (next, overflows) = sum.addingReportingOverflow(use.count)
            return overflows ? .max : next
        }
        guard total > limit else { return nil }
        (self.uses, self.total, self.resource, self.quota, self.limit) = (uses, total, resource, quota, limit)
    }

    func diagnostic(isBinding: Bool) -> Diagnostic {
        let severity: Diagnostic.Severity = isBinding && uses.contains { !$0.meta.isStored } ? .error : .warning
        // The sentence names both objects, so that the place alone says which field it is about.
        let (meta, field) =
            uses.count == 1
            ? (uses[0].meta, uses[0].field) : (quota.meta, FieldPath("spec", "hard")[resource.rawValue])
        let (file, document) = (meta.origin.file, meta.origin.document)
        return Diagnostic(
            severity,
            "\(subject) \(counted(total, resource.noun)); ResourceQuota \(quota.meta.displayName)\(scopes) is limited to "
                + counted(limit, resource.noun),
            origin: Origin(file: file, document: document, path: meta.origin.path + field))
    }

    /// ` (BestEffort)`; empty for none.
    private var scopes: String {
        quota.scopes.isEmpty ? "" : " (\(quota.scopes.map(\.name).joined(separator: ", ")))"
    }

    /// Those who declare, the largest first, with their numbers where these are not all 1.
    private var subject: String {
        guard uses.count > 1 else { return "\(uses[0].title) declares" }
        let order = uses.indices.sorted { (uses[$1].count, $0) < (uses[$0].count, $1) }
        let names = order.map { uses[$0].title + (total == uses.count ? "" : " (\(uses[$0].count))") }
        let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names[...]
        return "\(shown.dropLast().joined(separator: ", ")) and \(shown.last ?? "") declare"
    }
}
