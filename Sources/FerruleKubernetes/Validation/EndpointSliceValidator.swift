// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks an EndpointSlice, with the rules by which an API server of Kubernetes 1.36 takes one that is new
/// (`ValidateEndpointSlice` in `pkg/apis/discovery/validation/validation.go`, after `SetDefaults_EndpointPort`).
enum EndpointSliceValidator {
    /// The limits of the API on a slice: `maxEndpoints`, `maxAddresses`, `maxPorts`, `maxZoneHints` and `maxNodeHints`.
    private static let endpointLimit = 1000
    private static let addressLimit = 100
    private static let portLimit = 20000
    private static let hintLimit = 8

    static func diagnostics(of slice: EndpointSlice) -> [Diagnostic] {
        var report = ObjectReport(.endpointSlice, slice.meta)
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
        for (index, endpoint) in slice.endpoints.enumerated() {
            checkAddresses(endpoint.addresses, of: index, slice.addressType, &report)
            report.checkName(endpoint.nodeName, .subdomain, at: FieldPath("endpoints")[index]["nodeName"])
            report.checkName(endpoint.hostname, .label, at: FieldPath("endpoints")[index]["hostname"])
            let hints = { FieldPath("endpoints")[index]["hints"] }
            checkHints(endpoint.zoneHints, of: "zones", at: hints()["forZones"], &report)
            checkHints(endpoint.nodeHints, of: "nodes", at: hints()["forNodes"], &report)
        }
        checkPorts(slice.ports, &report)
        return report.diagnostics
    }

    /// `validateEndpoints`
    private static func checkAddresses(
        _ addresses: [String], of index: Int, _ type: String, _ report: inout ObjectReport
    ) {
        if addresses.isEmpty {
            report.error(FieldPath("endpoints")[index]["addresses"], "missing; an endpoint has at least one address")
        } else if addresses.count > addressLimit {
            report.error(
                FieldPath("endpoints")[index]["addresses"],
                "\(addresses.count) addresses are more than an endpoint may have: \(addressLimit)")
        }
        let family = IPFamily(rawValue: type)
        for (position, text) in addresses.enumerated() {
            let path = { FieldPath("endpoints")[index]["addresses"][position] }
            if let family {
                let address = report.endpointAddress(
                    text, at: path(),
                    outcome: position == 0 ? "the endpoint is ignored" : "only the first address of an endpoint is used"
                )
                guard let address, address.family != family else { continue }
                report.error(path(), "\(quoted(text)) is not an \(family.rawValue) address, as addressType has it")
            } else if type == "FQDN", !isQualifiedDomain(text) {
                report.error(path(), "\(quoted(text)) is not a domain name of several labels, as addressType has it")
            }
        }
    }

    /// `IsFullyQualifiedDomainName` in `k8s.io/apimachinery/pkg/util/validation`
    private static func isQualifiedDomain(_ text: String) -> Bool {
        let labels = (text.hasSuffix(".") ? text.dropLast() : text[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1 && labels.allSatisfy { NameForm.label.matches(String($0)) }
            && NameForm.subdomain.matches(labels.joined(separator: "."))
    }

    /// `validateHints`
    private static func checkHints(
        _ names: [String], of what: String, at path: @autoclosure () -> FieldPath, _ report: inout ObjectReport
    ) {
        // Most endpoints have none, and there may be a million.
        guard !names.isEmpty else { return }
        let path = path()
        guard names.count <= hintLimit else {
            return report.error(path, "\(names.count) \(what) are more than a hint may name: \(hintLimit)")
        }
        for (index, name) in names.enumerated() {
            let field = path[index]["name"]
            if names[..<index].contains(name) { report.error(field, "\(quoted(name)) is given twice") }
            // A zone is the value of a label, which may be empty.
            if !name.isEmpty {
                report.checkName(name, what == "nodes" ? .subdomain : .labelValue, at: field)
            } else if what == "nodes" {
                report.error(field, "missing; a hint for a node names it")
            }
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
