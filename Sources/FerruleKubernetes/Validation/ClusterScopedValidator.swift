// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks what stands in no namespace, nodes, namespaces and address ranges, with the rules by which an API server of Kubernetes
/// 1.36 takes new ones.
enum ClusterScopedValidator {
    /// `ValidateNode` in `pkg/apis/core/validation/validation.go`
    static func diagnostics(of node: Node) -> [Diagnostic] {
        var report = ObjectReport(.node, node.meta)
        report.checkMeta(.subdomain, isNameNeeded: true)
        checkRanges(node.podCIDRs, at: FieldPath("spec", "podCIDRs"), &report)
        for (index, address) in node.addresses.enumerated() where ["InternalIP", "ExternalIP"].contains(address.type) {
            guard IPAddress(address.address) == nil else { continue }
            // The API server does not check these.
            report.warn(
                FieldPath("status", "addresses")[index]["address"],
                "\(quoted(address.address)) is not an IP address; it is ignored")
        }
        return report.diagnostics
    }

    /// `ValidateNamespace` in `pkg/apis/core/validation/validation.go`
    static func diagnostics(of namespace: Namespace) -> [Diagnostic] {
        var report = ObjectReport(.namespace, namespace.meta)
        report.checkMeta(.label)
        return report.diagnostics
    }

    /// `ValidateServiceCIDR` in `pkg/apis/networking/validation/validation.go`
    static func diagnostics(of range: ServiceCIDR) -> [Diagnostic] {
        var report = ObjectReport(.serviceCIDR, range.meta)
        report.checkMeta(.subdomain)
        let path = FieldPath("spec", "cidrs")
        if range.cidrs.isEmpty { report.error(path, "missing; there is one range, or one of each family") }
        checkRanges(range.cidrs, at: path, &report)
        return report.diagnostics
    }

    /// Checks that there is at most one range of each family.
    private static func checkRanges(_ texts: [String], at path: FieldPath, _ report: inout ObjectReport) {
        var families: Set<IPFamily> = []
        for (index, text) in texts.enumerated() {
            guard let range = report.prefix(text, at: path[index]) else { continue }
            if !families.insert(range.family).inserted {
                report.error(
                    path[index], "\(range) is the second \(range.family.rawValue) range; there is one of each family")
            }
        }
    }
}
