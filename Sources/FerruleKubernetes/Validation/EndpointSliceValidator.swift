// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks an EndpointSlice, with the rules by which an API server of Kubernetes 1.36 takes one that is new
/// (`ValidateEndpointSlice` in `pkg/apis/discovery/validation/validation.go`, after `SetDefaults_EndpointPort`).
enum EndpointSliceValidator {
    /// The limits of the API on a slice: `maxEndpoints`, `maxAddresses` and `maxPorts`.
    private static let endpointLimit = 1000
    private static let addressLimit = 100
    private static let portLimit = 20000

    static func diagnostics(of slice: EndpointSlice) -> [Diagnostic] {
        var report = ObjectReport(kind: "EndpointSlice", meta: slice.meta)
        report.checkMeta(.subdomain)
        // `validateAddressType`
        if slice.addressType.isEmpty {
            report.error(FieldPath("addressType"), "missing; it is one of IPv4, IPv6, FQDN")
        } else {
            report.checkChoice(slice.addressType, of: ["IPv4", "IPv6", "FQDN"], at: FieldPath("addressType"))
        }
        if slice.endpoints.count > endpointLimit {
            report.error(
                FieldPath("endpoints"),
                "\(slice.endpoints.count) endpoints are more than a slice may have: \(endpointLimit)")
        }
        let family = IPFamily(rawValue: slice.addressType)
        for (index, endpoint) in slice.endpoints.enumerated() {
            checkAddresses(endpoint.addresses, of: index, family: family, &report)
        }
        checkPorts(slice.ports, &report)
        return report.diagnostics
    }

    /// `validateEndpoints`
    private static func checkAddresses(
        _ addresses: [String], of index: Int, family: IPFamily?, _ report: inout ObjectReport
    ) {
        if addresses.isEmpty {
            report.error(FieldPath("endpoints")[index]["addresses"], "missing; an endpoint has at least one address")
        } else if addresses.count > addressLimit {
            report.error(
                FieldPath("endpoints")[index]["addresses"],
                "\(addresses.count) addresses are more than an endpoint may have: \(addressLimit)")
        }
        guard let family else { return }
        for (position, text) in addresses.enumerated() {
            let path = { FieldPath("endpoints")[index]["addresses"][position] }
            guard let address = report.endpointAddress(text, at: path()), address.family != family else { continue }
            report.error(path(), "\(quoted(text)) is not an \(family.rawValue) address, as addressType has it")
        }
    }

    /// `validatePorts`
    private static func checkPorts(_ ports: [EndpointPort], _ report: inout ObjectReport) {
        if ports.count > portLimit {
            report.error(FieldPath("ports"), "\(ports.count) ports are more than a slice may have: \(portLimit)")
        }
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = { FieldPath("ports")[index] }
            if !names.insert(port.name).inserted {
                report.error(path()["name"], "\(quoted(port.name)) is the name of another port of this slice")
            }
            if !port.name.isEmpty, !NameForm.label.matches(port.name) {
                report.error(path()["name"], "\(quoted(port.name)) is not a port name: \(NameForm.label.rule)")
            }
            // The API takes any number. kube-proxy passes over ports without one, which in the API stands for all ports,
            // and over those of number 0.
            if let number = port.port, !(1...65535).contains(number) {
                report.warn(path()["port"], "\(number) is not a port number of 1-65535; the port is ignored")
            }
            report.checkProtocol(port.protocol, at: path()["protocol"])
            report.checkQualifiedName(port.appProtocol, at: path()["appProtocol"])
        }
    }
}
