// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks a Service by itself, with the rules by which an API server of Kubernetes 1.36 takes one that is new: after it has
/// filled in defaults (`SetDefaults_Service` in `pkg/apis/core/v1/defaults.go`), and as far as fields are read. Functions
/// named without a file stand in `pkg/apis/core/validation/validation.go`.
struct ServiceValidator {
    let service: Service
    let options: ValidationOptions
    var report: ObjectReport
    static let spec = FieldPath("spec")

    var spec: ServiceSpec { service.spec }
    var type: String { spec.type ?? "ClusterIP" }
    /// Whether `clusterIP` is `None`.
    var isHeadless: Bool { spec.clusterIP == "None" || spec.clusterIPs?.first == "None" }
    /// Whether it has something external besides balancer addresses, which come later.
    private var isExternal: Bool {
        type == "NodePort" || type == "LoadBalancer" || type == "ClusterIP" && !spec.externalIPs.isEmpty
    }

    static func diagnostics(of service: Service, options: ValidationOptions) -> [Diagnostic] {
        let report = ObjectReport(.service, service.meta)
        var validator = ServiceValidator(service: service, options: options, report: report)
        validator.validate()
        return validator.report.diagnostics
    }

    private mutating func validate() {
        // `ValidateServiceCreate`, with the names of RelaxedServiceNameValidation, which may begin with a digit.
        report.checkMeta(.label, isNameNeeded: true)
        // `validateService`, and so where no other function is named.
        report.checkChoice(
            spec.type, of: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"], at: Self.spec["type"])
        checkClusterIPs()
        checkFamilies()
        checkPorts()
        report.checkLabels(spec.selector ?? [:], at: Self.spec["selector"])
        checkExternalIPs()
        checkExternalName()
        checkTrafficPolicies()
        checkAffinity()
        checkLoadBalancer()
        checkIngress()
    }

    /// `validateService`, `ValidateEndpointIP`
    private mutating func checkExternalIPs() {
        for (index, text) in spec.externalIPs.enumerated() {
            let path = Self.spec["externalIPs"][index]
            guard let address = report.address(text, at: path), let use = address.specialUse else { continue }
            report.error(path, "\(address) is \(use.rawValue) and cannot be an external IP")
        }
    }

    /// `validateService`
    private mutating func checkExternalName() {
        guard type == "ExternalName" else { return }
        let path = Self.spec["externalName"]
        let name = spec.externalName ?? ""
        let host = name.hasSuffix(".") ? String(name.dropLast()) : name
        if host.isEmpty {
            report.error(path, "missing; a service of type ExternalName names the host that it stands for")
        } else if !NameForm.subdomain.matches(host) {
            report.error(path, "\(quoted(name)) is not a host name: \(NameForm.subdomain.rule)")
        }
    }

    /// `validateServiceExternalTrafficPolicy`, `validateServiceInternalTrafficFieldsValue` and
    /// `validateServiceTrafficDistribution`; what is external is in `ExternallyAccessible` of `pkg/api/service/util.go`.
    private mutating func checkTrafficPolicies() {
        let policies = ["Cluster", "Local"]
        report.checkChoice(spec.internalTrafficPolicy, of: policies, at: Self.spec["internalTrafficPolicy"])
        let external = Self.spec["externalTrafficPolicy"]
        if let policy = spec.externalTrafficPolicy, !policy.isEmpty {
            report.checkChoice(policy, of: policies, at: external)
            if !isExternal, report.isReadable(Self.spec["type"]) {
                report.error(
                    external, "may not be set when nothing outside reaches the service",
                    hint: "remove it, or use type NodePort, type LoadBalancer or externalIPs")
            }
        }
        report.checkChoice(
            spec.trafficDistribution, of: ["PreferClose", "PreferSameZone", "PreferSameNode"],
            at: Self.spec["trafficDistribution"])
        checkHealthCheckNodePort()
    }

    /// `validateServiceExternalTrafficPolicy`
    private mutating func checkHealthCheckNodePort() {
        guard let port = spec.healthCheckNodePort, port != 0 else { return }
        let path = Self.spec["healthCheckNodePort"]
        if type != "LoadBalancer" || spec.externalTrafficPolicy != "Local" {
            report.error(path, "may only be set when type is LoadBalancer and externalTrafficPolicy is Local")
        }
        checkAllocated(port, at: path)
        // `allocHealthCheckNodePort` in `pkg/registry/core/service/storage/alloc.go`, after the ports have got theirs.
        if let index = spec.ports.firstIndex(where: { $0.nodePort == port }) {
            report.error(path, "\(port) is also the node port of \(Self.spec["ports"][index])")
        }
    }

    /// `validateService`, `validateClientIPAffinityConfig`
    private mutating func checkAffinity() {
        report.checkChoice(spec.sessionAffinity, of: ["None", "ClientIP"], at: Self.spec["sessionAffinity"])
        let config = Self.spec["sessionAffinityConfig"]
        if spec.sessionAffinity ?? "None" == "None" {
            guard spec.hasAffinityConfig else { return }
            // `SetDefaults_Service` drops it without a word, whatever it says.
            report.warn(config, "has no effect when sessionAffinity is None", hint: "set sessionAffinity to ClientIP")
        } else if let seconds = spec.affinityTimeoutSeconds, !(1...86400).contains(seconds) {
            report.error(config["clientIP"]["timeoutSeconds"], "\(seconds) is not a time of 1-86400 seconds")
        }
    }

    /// `validateService`, `IsValidCIDRForLegacyField`, `validateLoadBalancerClassField`
    private mutating func checkLoadBalancer() {
        let ranges = Self.spec["loadBalancerSourceRanges"]
        for (index, text) in spec.loadBalancerSourceRanges.enumerated() {
            _ = report.prefix(text, at: ranges[index])
        }
        if spec.loadBalancerSourceRanges.isEmpty { checkRangesAnnotation() }
        guard type != "LoadBalancer" else {
            return report.checkQualifiedName(spec.loadBalancerClass, at: Self.spec["loadBalancerClass"])
        }
        if spec.loadBalancerClass != nil {
            report.error(Self.spec["loadBalancerClass"], "may only be set when type is LoadBalancer")
        }
        if !spec.loadBalancerSourceRanges.isEmpty { report.error(ranges, "may only be set when type is LoadBalancer") }
        if spec.allocateLoadBalancerNodePorts != nil {
            report.error(Self.spec["allocateLoadBalancerNodePorts"], "may only be set when type is LoadBalancer")
        }
    }

    /// `validateService`; where the field has ranges it does not look at the annotation.
    private mutating func checkRangesAnnotation() {
        guard let ranges = service.annotatedSourceRanges else { return }
        let path = FieldPath("metadata", "annotations")[Service.sourceRangesAnnotation]
        if type != "LoadBalancer" { report.error(path, "may only be set when type is LoadBalancer") }
        guard ranges.contains(where: { !$0.isWhitespace }) else { return }
        for range in ranges.split(separator: ",", omittingEmptySubsequences: false) {
            let trimmed = range.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            _ = report.prefix(trimmed, at: path)
        }
    }

    /// `ValidateLoadBalancerStatus`
    private mutating func checkIngress() {
        for (index, ingress) in service.loadBalancerIngress.enumerated() {
            let path = FieldPath("status", "loadBalancer", "ingress")[index]
            if let ip = ingress.ip, !ip.isEmpty {
                _ = report.address(ip, at: path["ip"])
                report.checkChoice(ingress.ipMode, of: ["VIP", "Proxy"], at: path["ipMode"])
            } else if ingress.ipMode != nil {
                report.error(path["ipMode"], "may not be set without an ip")
            }
            if let host = ingress.hostname, !host.isEmpty {
                if IPAddress(host) != nil {
                    report.error(
                        path["hostname"], "\(quoted(host)) is an IP address, not a host name", hint: "use the field ip")
                } else if !NameForm.subdomain.matches(host) {
                    report.error(path["hostname"], "\(quoted(host)) is not a host name: \(NameForm.subdomain.rule)")
                }
            }
        }
    }
}
