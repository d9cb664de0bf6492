// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Checks Ingresses and IngressClasses, with the rules by which an API server of Kubernetes 1.36 takes new ones
/// (`pkg/apis/networking/validation/validation.go`, where the functions named here stand).
enum IngressValidator {
    /// `ValidateIngressCreate`
    static func diagnostics(of ingress: Ingress) -> [Diagnostic] {
        var report = ObjectReport(.ingress, ingress.meta)
        report.checkMeta(.subdomain)
        if ingress.isBeta {
            report.warn(
                FieldPath("apiVersion"), "no API server takes this version since Kubernetes 1.22",
                hint:
                    "in networking.k8s.io/v1, backends have service.name and service.port.number, and paths a pathType")
        }
        checkClass(of: ingress, &report)
        let (spec, backendName) = (FieldPath("spec"), ingress.isBeta ? "backend" : "defaultBackend")
        if let backend = ingress.defaultBackend {
            check(backend, of: ingress, at: spec[backendName], &report)
        } else if ingress.rules.isEmpty, report.isReadable(spec[backendName]), report.isReadable(spec["rules"]) {
            report.error(spec, "has neither rules nor a \(backendName)")
        }
        for (index, rule) in ingress.rules.enumerated() {
            check(rule, of: ingress, at: spec["rules"][index], &report)
        }
        for (index, tls) in ingress.tls.enumerated() { check(tls, at: spec["tls"][index], &report) }
        return report.diagnostics
    }

    /// `ValidateIngressClass`
    static func diagnostics(of ingressClass: IngressClass) -> [Diagnostic] {
        var report = ObjectReport(.ingressClass, ingressClass.meta)
        report.checkMeta(.subdomain)
        let path = FieldPath("spec", "controller")
        guard let controller = ingressClass.controller else {
            report.error(path, "missing; it is a name such as example.com/ingress")
            return report.diagnostics
        }
        if controller.utf8.count > controllerLimit {
            report.error(
                path, "\(controller.utf8.count) characters are more than a controller may have: \(controllerLimit)")
        }
        // `IsDomainPrefixedPath` in `k8s.io/apimachinery/pkg/util/validation`
        let parts = controller.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count < 2 || !NameForm.subdomain.matches(String(parts[0])) || parts[1].isEmpty {
            report.error(path, "\(quoted(controller)) is not a domain and a path, such as example.com/ingress")
        } else if let other = parts[1].unicodeScalars.first(where: { !isOfPath($0) }) {
            report.error(
                path, "\(quoted(controller)) holds \(quoted(String(other))), which no path does",
                hint: "a path is made of letters, digits and any of \(pathSigns)")
        }
        return report.diagnostics
    }

    /// `maxLenIngressClassController`
    private static let controllerLimit = 250

    /// `httpPathFmt` in `k8s.io/apimachinery/pkg/util/validation`, beside letters and digits
    private static let pathSigns = "/-._~%!$&'()*+,;=:"

    private static func isOfPath(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: pathSigns.unicodeScalars.contains(scalar)
        }
    }

    private static func checkClass(of ingress: Ingress, _ report: inout ObjectReport) {
        guard let name = ingress.className else { return }
        let path = FieldPath("spec", "ingressClassName")
        report.checkName(name, .subdomain, at: path)
        if let annotated = ingress.annotatedClass, annotated != name {
            report.error(
                path, "\(quoted(name)) is another class than \(quoted(annotated)) of \(Ingress.classAnnotation)",
                hint: "remove the annotation")
        }
    }

    /// `validateIngressRules`
    private static func check(
        _ rule: IngressRule, of ingress: Ingress, at path: FieldPath, _ report: inout ObjectReport
    ) {
        if !rule.host.isEmpty { checkHost(rule.host, at: path["host"], &report) }
        guard let paths = rule.paths else { return }
        let place = path["http"]["paths"]
        if paths.isEmpty { report.error(place, "missing; a rule has paths") }
        for (index, found) in paths.enumerated() {
            check(found, of: ingress, at: place[index], &report)
        }
    }

    private static func checkHost(_ host: String, at path: FieldPath, _ report: inout ObjectReport) {
        if IPAddress(host) != nil {
            report.error(path, "\(quoted(host)) is an address; a host is a DNS name")
        } else if !host.isIngressHost {
            report.error(
                path, "\(quoted(host)) is not a DNS name in lower case, nor \"*.\" before one",
                hint: host.contains(":") ? "ports are no part of a host" : nil)
        }
    }

    /// `validateHTTPIngressPath`
    private static func check(
        _ path: IngressPath, of ingress: Ingress, at place: FieldPath, _ report: inout ObjectReport
    ) {
        let types = ["Exact", "Prefix", "ImplementationSpecific"]
        if path.pathType == nil, !ingress.isBeta {
            report.error(place["pathType"], "missing; it is one of \(types.joined(separator: ", "))")
        }
        report.checkChoice(path.pathType, of: types, at: place["pathType"])
        let isLiteral = ["Exact", "Prefix"].contains(path.pathType)
        if isLiteral || !path.path.isEmpty, !path.path.hasPrefix("/") {
            report.error(place["path"], "\(quoted(path.path)) does not begin with \"/\"")
        }
        if isLiteral {
            for part in ["//", "/./", "/../", "%2f", "%2F"] where path.path.contains(part) {
                report.error(place["path"], "\(quoted(path.path)) holds \(quoted(part))")
            }
            for end in ["/..", "/."] where path.path.hasSuffix(end) {
                report.error(place["path"], "\(quoted(path.path)) ends in \(quoted(end))")
            }
        }
        if let backend = path.backend {
            check(backend, of: ingress, at: place["backend"], &report)
        } else {
            report.error(place["backend"], "missing; a path leads to a service")
        }
    }

    /// `validateIngressBackend`
    private static func check(
        _ backend: IngressBackend, of ingress: Ingress, at path: FieldPath, _ report: inout ObjectReport
    ) {
        guard let service = backend.service else {
            if let resource = backend.resource { return check(resource, at: path["resource"], &report) }
            let fields = ingress.isBeta ? "serviceName and servicePort" : "service.name and service.port"
            return report.error(
                path, "names neither a service nor a resource; a service has \(fields)",
                hint: ingress.isBeta ? nil : "serviceName and servicePort are of older versions")
        }
        if backend.resource != nil { report.error(path, "names a service and a resource; it leads to one of them") }
        let name = ingress.isBeta ? path["serviceName"] : path["service"]["name"]
        let port = ingress.isBeta ? path["servicePort"] : path["service"]["port"]
        if service.name.isEmpty {
            report.error(name, "missing; a backend is a service")
        } else if !NameForm.label.matches(service.name) {
            report.error(name, "\(quoted(service.name)) is not a valid name: \(NameForm.label.rule)")
        }
        check(service, at: port, isBeta: ingress.isBeta, &report)
    }

    /// `validateIngressTypedLocalObjectReference`
    private static func check(_ resource: IngressResource, at path: FieldPath, _ report: inout ObjectReport) {
        report.checkName(resource.apiGroup, .subdomain, at: path["apiGroup"])
        for (name, value) in [("kind", resource.kind), ("name", resource.name)] {
            if value.isEmpty {
                report.error(path[name], "missing; a resource has a kind and a name")
            } else if [".", ".."].contains(value) || value.contains("/") || value.contains("%") {
                // `IsPathSegmentName` in `k8s.io/apimachinery/pkg/api/validate/content`
                report.error(
                    path[name],
                    "\(quoted(value)) cannot be part of a path: it is \".\" or \"..\", or holds \"/\" or \"%\"")
            }
        }
    }

    private static func check(
        _ service: IngressServiceBackend, at port: FieldPath, isBeta: Bool, _ report: inout ObjectReport
    ) {
        let number = service.portNumber ?? 0
        if service.portName.isEmpty {
            if number == 0 {
                report.error(port, "missing; it is the name or the number of a port of the service")
            } else {
                report.checkPort(number, at: isBeta ? port : port["number"])
            }
        } else if number != 0 {
            report.error(port, "has a name and a number; one of them is enough")
        } else if !NameForm.portName.matches(service.portName) {
            report.error(
                isBeta ? port : port["name"],
                "\(quoted(service.portName)) is not a port name: \(NameForm.portName.rule)")
        }
    }

    /// `validateIngressTLS`
    private static func check(_ tls: IngressTLS, at path: FieldPath, _ report: inout ObjectReport) {
        for (index, host) in tls.hosts.enumerated() {
            let place = path["hosts"][index]
            if IPAddress(host) != nil, NameForm.subdomain.matches(host) {
                // The API takes it for a DNS name. A client says no address when it asks for a certificate (RFC 6066).
                report.warn(
                    place, "\(quoted(host)) is an address, by which no certificate is chosen",
                    hint: "write the DNS name that the certificate is for")
            } else {
                checkHost(host, at: place, &report)
            }
        }
        report.checkName(tls.secretName, .subdomain, at: path["secretName"])
    }
}

extension String {
    /// Whether it may stand as a host in an Ingress: a DNS name in lower case, or `*.` and one, of which the whole is
    /// no longer than a name (`IsWildcardDNS1123Subdomain` in `k8s.io/apimachinery/pkg/util/validation`).
    package var isIngressHost: Bool {
        // Another label of one letter may stand where a wildcard may.
        NameForm.subdomain.matches(hasPrefix("*.") ? String("a" + dropFirst()) : self) && IPAddress(self) == nil
    }
}
