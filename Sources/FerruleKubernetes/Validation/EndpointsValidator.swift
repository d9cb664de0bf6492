// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Checks an Endpoints object, with the rules by which an API server of Kubernetes 1.36 takes one that is new
/// (`ValidateEndpoints` in `pkg/apis/core/validation/validation.go`, where the functions named here stand too).
enum EndpointsValidator {
    static func diagnostics(of endpoints: Endpoints) -> [Diagnostic] {
        var report = ObjectReport(.endpoints, endpoints.meta)
        // Its name is that of its service.
        report.checkMeta(.subdomain, isNameNeeded: true)
        // `validateEndpointSubsets`
        for (index, subset) in endpoints.subsets.enumerated() {
            let path = FieldPath("subsets")[index]
            if subset.addresses.isEmpty, subset.notReadyAddresses.isEmpty {
                report.error(path["addresses"], "missing; a subset has addresses or notReadyAddresses")
            }
            check(subset.addresses, at: path["addresses"], &report)
            check(subset.notReadyAddresses, at: path["notReadyAddresses"], &report)
            checkPorts(subset.ports, at: path["ports"], &report)
        }
        return report.diagnostics
    }

    /// `validateEndpointAddress`
    private static func check(_ addresses: [EndpointAddress], at path: FieldPath, _ report: inout ObjectReport) {
        for (index, address) in addresses.enumerated() {
            if address.ip.isEmpty {
                report.error(path[index]["ip"], "missing; an endpoint has an address")
            } else {
                _ = report.endpointAddress(address.ip, at: path[index]["ip"])
            }
            report.checkName(address.hostname, .label, at: path[index]["hostname"])
            report.checkName(address.nodeName, .subdomain, at: path[index]["nodeName"])
        }
    }

    /// `validateEndpointPort`
    private static func checkPorts(_ ports: [EndpointPort], at path: FieldPath, _ report: inout ObjectReport) {
        for (index, port) in ports.enumerated() {
            report.checkPort(port.port, at: path[index]["port"])
            report.checkProtocol(port.protocol, at: path[index]["protocol"])
            report.checkQualifiedName(port.appProtocol, at: path[index]["appProtocol"])
            if port.name.isEmpty {
                if ports.count > 1 { report.error(path[index]["name"], "missing; each of several ports has a name") }
            } else if !NameForm.label.matches(port.name) {
                report.error(path[index]["name"], "\(quoted(port.name)) is not a port name: \(NameForm.label.rule)")
            }
        }
    }
}
