// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

extension ServiceValidator {
    /// Checks `spec.clusterIP` and `spec.clusterIPs`, and that both agree (`validateService` and
    /// `ValidateServiceClusterIPsRelatedFields` in `pkg/apis/core/validation/validation.go`).
    mutating func checkClusterIPs() {
        let (one, many) = (Self.spec["clusterIP"], Self.spec["clusterIPs"])
        let first = spec.clusterIP ?? ""
        let all = spec.clusterIPs ?? []
        if type == "ExternalName" {
            if !first.isEmpty || !all.isEmpty {
                report.error(first.isEmpty ? many : one, "may not be set when type is ExternalName")
            }
            return
        }
        if isHeadless, type == "NodePort" || type == "LoadBalancer" {
            let path = first.isEmpty ? many : one
            report.error(
                path, "None may not be used when type is \(type)", hint: "a headless service has type ClusterIP")
        }
        if let leading = all.first, first.isEmpty {
            report.error(one, "missing; it must be the first of clusterIPs, \(quoted(leading))")
        } else if let leading = all.first, leading != first {
            report.error(
                many[0], "\(quoted(leading)) is not clusterIP, which is \(quoted(first)); both must be the same")
        }
        if all.isEmpty {
            if !first.isEmpty { checkAddresses([first]) { _ in one } }
        } else {
            checkAddresses(all) { many[$0] }
        }
    }

    private mutating func checkAddresses(_ texts: [String], at path: (Int) -> FieldPath) {
        if texts.count > 2 {
            report.error(
                Self.spec["clusterIPs"], "\(texts.count) addresses are given; there is at most one of each family")
        }
        if texts.first == "None" {
            if texts.count > 1 { report.error(Self.spec["clusterIPs"], "None must be the only value") }
            return
        }
        var families: Set<IPFamily> = []
        for (index, text) in texts.enumerated() {
            guard let address = report.address(text, at: path(index)) else { continue }
            if !families.insert(address.family).inserted, texts.count == 2 {
                report.error(
                    path(index), "\(address) is the second \(address.family.rawValue) address; families must differ")
            }
            if let family = spec.ipFamilies, index < family.count, IPFamily(rawValue: family[index]) != nil,
                family[index] != address.family.rawValue
            {
                report.error(path(index), "\(address) is not \(family[index]), as spec.ipFamilies[\(index)] has it")
            }
        }
    }

    /// Checks `spec.ipFamilies` and `spec.ipFamilyPolicy`, and that they agree with the addresses
    /// (`ValidateServiceClusterIPsRelatedFields`; `initIPFamilyFields` in `pkg/registry/core/service/storage/alloc.go`).
    mutating func checkFamilies() {
        let (families, policy) = (Self.spec["ipFamilies"], Self.spec["ipFamilyPolicy"])
        report.checkChoice(
            spec.ipFamilyPolicy, of: ["SingleStack", "PreferDualStack", "RequireDualStack"], at: policy)
        let values = spec.ipFamilies ?? []
        if type == "ExternalName" {
            if !values.isEmpty { report.error(families, "may not be set when type is ExternalName") }
            if spec.ipFamilyPolicy != nil { report.error(policy, "may not be set when type is ExternalName") }
            return
        }
        var known: Set<String> = []
        for (index, family) in values.enumerated() {
            report.checkChoice(family, of: ["IPv4", "IPv6"], at: families[index])
            if !known.insert(family).inserted { report.error(families[index], "\(quoted(family)) is given twice") }
        }
        if values.count > 2 { report.error(families, "\(values.count) families are given; there are at most two") }
        let count = max(values.count, spec.clusterIPs?.count ?? 0)
        // `initIPFamilyFields`: where nothing tells the families, a headless service is for both.
        let isForBoth = isHeadless && spec.selector?.isEmpty != false
        if count == 2, spec.ipFamilyPolicy ?? (isForBoth ? "RequireDualStack" : "SingleStack") == "SingleStack" {
            let found = spec.ipFamilyPolicy == nil ? "missing" : "SingleStack does not allow two families"
            report.error(policy, "\(found); two families need PreferDualStack or RequireDualStack")
        }
    }
}
