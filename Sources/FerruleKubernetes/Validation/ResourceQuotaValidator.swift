// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Checks quotas, with the rules by which an API server of Kubernetes 1.36 takes new ones (`ValidateResourceQuota` in
/// `pkg/apis/core/validation/validation.go`).
enum ResourceQuotaValidator {
    static func diagnostics(of quota: ResourceQuota) -> [Diagnostic] {
        var report = ObjectReport(.resourceQuota, quota.meta)
        report.checkMeta(.subdomain)
        let hard = FieldPath("spec", "hard")
        for (name, limit) in quota.hard.sorted(by: { $0.key < $1.key }) {
            checkName(name, at: hard[name], &report)
            guard counted.contains(name) || name.hasPrefix("count/"), limit.count == nil else { continue }
            report.error(hard[name], "\(quoted(limit.text)) is not a whole number of objects")
        }
        return report.diagnostics
    }

    /// `ValidateResourceQuotaResourceName`: without a slash it is one of these, or of huge pages. An API server takes `count/`
    /// before any text, and counts nothing where that is no resource.
    private static func checkName(_ name: String, at path: FieldPath, _ report: inout ObjectReport) {
        if name.hasPrefix("count/") { return checkObjects(String(name.dropFirst("count/".count)), at: path, &report) }
        let known = counted + measured
        guard !name.contains("/"), !known.contains(name), !name.contains("hugepages-") else { return }
        let nearest = LetterDistance.nearest(to: name, among: known)
        report.error(
            path, "\(quoted(name)) is nothing that a quota limits", hint: nearest.map { "did you mean \($0)?" })
    }

    /// Checks what is counted by its resource and group. Groups are without number, those of the API are known, and what has
    /// none is of its core.
    private static func checkObjects(_ name: String, at path: FieldPath, _ report: inout ObjectReport) {
        let known = coreResources + groupedResources
        guard !known.contains(name) else { return }
        let isGrouped = name.contains(".")
        let meant =
            groupedResources.first { $0.hasPrefix("\(name).") }
            ?? LetterDistance.nearest(to: name, among: isGrouped ? groupedResources : coreResources)
        guard !isGrouped || meant != nil else { return }
        report.error(
            path, "\(quoted("count/\(name)")) is nothing that a quota limits",
            hint: meant.map { "did you mean count/\($0)?" })
    }

    /// What namespaces hold of the group without a name (`staging/src/k8s.io/api/core/v1/register.go`).
    private static let coreResources = [
        "configmaps", "endpoints", "events", "limitranges", "persistentvolumeclaims", "pods", "podtemplates",
        "replicationcontrollers", "resourcequotas", "secrets", "serviceaccounts", "services",
    ]
    /// What namespaces hold of the API's other groups (the further `register.go` below `staging/src/k8s.io/api`).
    private static let groupedResources = [
        "controllerrevisions.apps", "cronjobs.batch", "csistoragecapacities.storage.k8s.io", "daemonsets.apps",
        "deployments.apps", "endpointslices.discovery.k8s.io", "events.events.k8s.io",
        "horizontalpodautoscalers.autoscaling", "ingresses.networking.k8s.io", "jobs.batch",
        "leases.coordination.k8s.io", "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy",
        "replicasets.apps", "resourceclaims.resource.k8s.io", "resourceclaimtemplates.resource.k8s.io",
        "rolebindings.rbac.authorization.k8s.io", "roles.rbac.authorization.k8s.io", "statefulsets.apps",
    ]

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
