// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks pods and pod templates, as far as they decide on endpoints, with the rules by which an API server of Kubernetes
/// 1.36 takes new ones.
enum PodSpecValidator {
    /// `ValidatePodCreate` in `pkg/apis/core/validation/validation.go`
    static func diagnostics(of pod: Pod) -> [Diagnostic] {
        var report = ObjectReport(.pod, pod.meta)
        report.checkMeta(.subdomain)
        checkContainers(pod.spec.containers, at: FieldPath("spec"), &report)
        for (index, ip) in pod.podIPs.enumerated() {
            _ = report.endpointAddress(ip, at: FieldPath("status", "podIPs")[index]["ip"], outcome: "it is ignored")
        }
        return report.diagnostics
    }

    /// `ValidateReplicationController` there, and the functions of the other kinds in `pkg/apis/apps/validation/validation.go`
    static func diagnostics(of workload: Workload) -> [Diagnostic] {
        var report = ObjectReport(workload.kind.objectKind, workload.meta)
        report.checkMeta(.subdomain)
        // `ValidateNonnegativeField`
        if let replicas = workload.replicas, replicas < 0 {
            report.error(FieldPath("spec", "replicas"), "\(replicas) is not a number of pods; it must be 0 or more")
        }
        report.checkLabels(workload.templateLabels, at: FieldPath("spec", "template", "metadata", "labels"))
        checkContainers(workload.templateSpec.containers, at: FieldPath("spec", "template", "spec"), &report)
        return report.diagnostics
    }

    /// `validateContainerPorts`; that two containers have one name for a port is no error there.
    private static func checkContainers(_ containers: [Container], at spec: FieldPath, _ report: inout ObjectReport) {
        var names: [String: String] = [:]
        for (index, container) in containers.enumerated() {
            for (position, port) in container.ports.enumerated() {
                let list = container.isInit ? "initContainers" : "containers"
                let path = spec[list][container.position ?? index]["ports"][position]
                report.checkPort(port.containerPort, at: path["containerPort"])
                report.checkProtocol(port.protocol, at: path["protocol"])
                guard !port.name.isEmpty else { continue }
                if !NameForm.portName.matches(port.name) {
                    report.error(path["name"], "\(quoted(port.name)) is not a port name: \(NameForm.portName.rule)")
                }
                if let other = names.updateValue(container.name, forKey: port.name) {
                    report.warn(
                        path["name"],
                        "\(quoted(port.name)) is also the name of a port of container \(other.brief()); the first is used"
                    )
                }
            }
        }
    }
}
