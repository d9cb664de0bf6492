// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Checks quotas, with the rules by which an API server of Kubernetes 1.36 takes new ones (`ValidateResourceQuota` in
/// `pkg/apis/core/validation/validation.go`).
enum ResourceQuotaValidator {
    static func diagnostics(of quota: ResourceQuota) -> [Diagnostic] {
        var report = ObjectReport(kind: "ResourceQuota", meta: quota.meta)
        report.checkMeta(.subdomain)
        let hard = FieldPath("spec", "hard")
        for (name, limit) in quota.hard.sorted(by: { $0.key < $1.key }) {
            checkName(name, at: hard[name], &report)
            guard counted.contains(name) || name.hasPrefix("count/"), limit.count == nil else { continue }
            report.error(hard[name], "\(quoted(limit.text)) is not a whole number of objects")
        }
        return report.diagnostics
    }

    /// `ValidateResourceQuotaResourceName`: without a slash it is one of these, or of huge pages.
    private static func checkName(_ name: String, at path: FieldPath, _ report: inout ObjectReport) {
        let known = counted + measured
        guard !name.contains("/"), !known.contains(name), !name.contains("hugepages-") else { return }
        let nearest = LetterDistance.nearest(to: name, among: known)
        report.error(
            path, "\(quoted(name)) is nothing that a quota limits", hint: nearest.map { "did you mean \($0)?" })
    }

    /// `standardQuotaResources` in `pkg/apis/core/helper/helpers.go`: those that are counted, and those that are measured.
    private static let counted = [
        "pods", "services", "services.nodeports", "services.loadbalancers", "replicationcontrollers", "resourcequotas",
        "secrets", "configmaps", "persistentvolumeclaims",
    ]
    private static let measured = [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage",
        "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ]
}
