// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleNetwork
internal import FerruleText

/// Prints a routing for HAProxy 2.6 and later.
package struct HAProxyConfiguration {
    package struct Options: Sendable {
        /// Where to listen; empty: at all addresses of IPv4.
        package var addresses: [IPAddress] = []
        package var httpPort: Port
        package var httpsPort: Port
        /// Where the files of ``CertificateFiles`` stand: an absolute path, or one from where HAProxy is started. Made of
        /// letters, digits and `-._/`, since lists of certificates have no quotes.
        package var certificateFolder: String?

        package init(httpPort: Port, httpsPort: Port) { (self.httpPort, self.httpsPort) = (httpPort, httpsPort) }
    }

    private let routing: IngressRouting
    private let options: Options
    private var lines: [String] = []

    private init(_ routing: IngressRouting, _ options: Options) { (self.routing, self.options) = (routing, options) }

    /// The configuration: ASCII, for `haproxy -f`.
    package static func text(of routing: IngressRouting, _ options: Options) -> [UInt8] {
        var printer = HAProxyConfiguration(routing, options)
        printer.addHeader()
        printer.addDefaults()
        printer.addFrontend()
        printer.addBackends()
        return Array((printer.lines.joined(separator: "\n") + "\n").utf8)
    }

    /// What takes requests that no rule is for. Names of services have a dot.
    private static let notFound = "not-found"

    private mutating func addHeader() {
        let serverCount = routing.backends.reduce(0) { $0 + $1.servers.count }
        let count = counted(routing.ingressCount, "Ingress", plural: "Ingresses")
        lines += [
            "# Kubernetes Ingresses as a configuration of HAProxy, made by Ferrule.",
            "# \(count): \(counted(routing.routes.count, "route")) to \(counted(routing.backends.count, "backend")) with "
                + counted(serverCount, "server") + ".",
            "#",
            "# Check with: haproxy -c -f FILE",
        ]
    }

    private mutating func addDefaults() {
        lines += [
            "",
            "defaults",
            "    mode http",
            "    timeout connect 5s",
            "    timeout http-request 10s",
            "    timeout client 1m",
            "    timeout server 1m",
            "    timeout tunnel 1h",
            "    option forwardfor",
            "    # An endpoint that does not answer is not asked again; another one is.",
            "    option redispatch",
        ]
    }

    private mutating func addFrontend() {
        lines += ["", "frontend ingress"]
        addBinds(port: options.httpPort, "")
        let folder = routing.certificates.isEmpty ? nil : options.certificateFolder
        if let folder {
            let list = HAProxyText.word("\(folder)/\(CertificateFiles.listName)".utf8)
            addBinds(port: options.httpsPort, " ssl crt-list \(list) alpn h2,http/1.1")
        }
        addVariables()
        lines.append("    http-request set-header X-Forwarded-Proto http")
        if folder != nil { lines.append("    http-request set-header X-Forwarded-Proto https if { ssl_fc }") }
        addRoutes()
        lines += ["", "    default_backend \(routing.defaultBackend?.text ?? Self.notFound)"]
    }

    private mutating func addBinds(port: Port, _ settings: String) {
        let binds = options.addresses.map { address in
            // Else the system decides whether IPv4 is meant too.
            Endpoint(address, port).description + (address.family == .ipv6 ? " v6only" : "")
        }
        lines += (binds.isEmpty ? [":\(port)"] : binds).map { "    bind \($0)\(settings)" }
    }

    /// What routes look at, found once for each request.
    private mutating func addVariables() {
        lines += [
            "    # The host without port and final dot; the path without percent encoding, if that is in order.",
            "    http-request set-var(txn.host) req.fhdr(host),host_only,lower,rtrim(.)",
            "    http-request set-var(txn.path) path",
            "    http-request set-var(txn.path) path,url_dec",
        ]
        if routing.routes.contains(where: { $0.path.kind == .prefix }) {
            lines += [
                "    # Each element of the path with a slash behind it.",
                "    http-request set-var(txn.elements) var(txn.path),concat(/)",
            ]
        }
        if routing.routes.contains(where: \.host.isWildcard) {
            lines += [
                "    # The host without its first label.",
                "    http-request set-var(txn.parent) var(txn.host),field(2,.,0) unless { var(txn.host) -m beg . }",
            ]
        }
    }

    private mutating func addRoutes() {
        var host: HostPattern?
        var ingress: ObjectKey?
        for route in routing.routes {
            if route.host != host || route.ingress != ingress {
                (host, ingress) = (route.host, route.ingress)
                let hosts = route.host == .all ? "all hosts" : route.host.description
                lines += ["", "    " + HAProxyText.comment("\(hosts), of Ingress \(route.ingress)")]
            }
            let conditions = [route.host.condition, route.path.condition].compactMap { $0.map { "{ \($0) }" } }
            let condition = conditions.isEmpty ? "" : " if " + conditions.joined(separator: " ")
            lines.append("    use_backend \(route.backend.text)\(condition)")
        }
    }

    private mutating func addBackends() {
        for backend in routing.backends {
            lines += ["", "backend \(backend.name.text)"]
            if let lack = backend.lack { lines.append("    " + HAProxyText.comment("\(lack): 503")) }
            lines += backend.servers.map { "    server \($0.address):\($0.port) \($0)" }
        }
        guard routing.defaultBackend == nil else { return }
        lines += [
            "", "backend \(Self.notFound)",
            "    http-request return status 404 content-type text/plain string \"no rule is for this host and path\\n\"",
        ]
    }
}

extension HostPattern {
    fileprivate var isWildcard: Bool { if case .anyLabel = self { true } else { false } }

    /// nil where every host fits.
    fileprivate var condition: String? {
        switch self {
        case .name(let name): "var(txn.host) -m str \(HAProxyText.word(name.utf8))"
        case .anyLabel(let name): "var(txn.parent) -m str \(HAProxyText.word(name.utf8))"
        case .all: nil
        }
    }
}

extension PathPattern {
    /// nil where every path fits.
    fileprivate var condition: String? {
        switch kind {
        case .exact: "var(txn.path) -m str \(HAProxyText.word(bytes))"
        case .prefix: bytes.count == 1 ? nil : "var(txn.elements) -m beg \(HAProxyText.word(bytes))"
        }
    }
}

extension BackendName {
    /// The name of its section: `shop.web:80`.
    fileprivate var text: String {
        switch self {
        case .service(let key, let port): HAProxyText.name("\(key.namespace).\(key.name):\(port)")
        case .resource(let namespace, let kind, let name):
            HAProxyText.name("\(namespace).\(kind)/\(name)")
        }
    }
}
