// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleDiagnostics
package import FerruleKubernetes

/// Makes the routing of Ingresses, and says what of them cannot be served.
package struct IngressCompiler {
    package struct Options: Sendable {
        /// The class of the Ingresses that are wanted; nil: all.
        package var className: String?
        /// Whether backends are the ClusterIPs of services in place of their endpoints.
        package var usesClusterIPs = false
        /// Whether certificates are wanted.
        package var servesTLS = false

        package init() {}
    }

    package struct Result {
        package let routing: IngressRouting
        package let diagnostics: [Diagnostic]
        /// The classes of the Ingresses that are left out, each once; sorted.
        package let otherClasses: [String]
        /// How many Ingresses are left out, as they are of another class or of none.
        package let otherCount: Int
        /// How many of those that are served ask for TLS.
        package let tlsCount: Int
    }

    private let services: BackendFinder
    private var routing = IngressRouting()
    private var found = DiagnosticList()
    private var claims: [Claim: Claimant] = [:]
    private var backends: [BackendName: Backend] = [:]

    /// What only one rule can be for.
    private struct Claim: Hashable {
        let host: HostPattern
        let path: PathPattern
    }

    private struct Claimant {
        let ingress: String
        let backend: BackendName
    }

    private init(_ services: BackendFinder) { self.services = services }

    /// - Parameters:
    ///   - objects: of an input, of which the Ingresses, their classes and the Secrets count.
    ///   - services: all services of the input.
    package static func compile(_ objects: ClusterObjects, services: [ServiceView], options: Options) -> Result {
        let selection = ClassSelection(objects.ingressClasses, wanted: options.className)
        let ingresses = objects.ingresses.filter(selection.includes).sorted { $0.age < $1.age }
        let others = objects.ingresses.filter { !selection.includes($0) }
        var compiler = IngressCompiler(BackendFinder(services, usesClusterIPs: options.usesClusterIPs))
        // A class that is misspelt is one that nobody wants.
        compiler.found.append(
            contentsOf: selection.diagnostics + objects.ingresses.compactMap(selection.complaint))
        for ingress in ingresses { compiler.add(ingress) }
        compiler.complete(ingresses.count)
        if options.servesTLS {
            let tls = CertificateSelection(ingresses, objects.secrets)
            compiler.routing.certificates = tls.certificates
            compiler.found.append(contentsOf: tls.diagnostics)
        }
        return Result(
            routing: compiler.routing, diagnostics: compiler.found.diagnostics,
            otherClasses: Set(others.compactMap(selection.name)).sorted(), otherCount: others.count,
            tlsCount: ingresses.count { !$0.tls.isEmpty })
    }

    private mutating func complete(_ count: Int) {
        routing.ingressCount = count
        routing.routes.sort { left, right in
            left.host == right.host ? left.path < right.path : left.host < right.host
        }
        let used = Set(routing.routes.map(\.backend) + [routing.defaultBackend].compactMap(\.self))
        routing.backends = backends.values.filter { used.contains($0.name) }.sorted { $0.name.order < $1.name.order }
    }

    private mutating func add(_ ingress: Ingress) {
        let spec = FieldPath("spec")
        var byDefault: BackendName?
        if let backend = ingress.defaultBackend {
            let field = spec[ingress.isBeta ? "backend" : "defaultBackend"]
            byDefault = name(of: backend, ingress, field)
            takeDefault(byDefault, ingress, field)
        }
        for (index, rule) in ingress.rules.enumerated() {
            // What is no host was said by whoever has checked the input.
            guard let host = HostPattern(rule.host) else { continue }
            let field = spec["rules"][index]
            guard let paths = rule.paths else {
                // All requests of the host are for the default backend.
                if let byDefault, let all = PathPattern("/", type: "Prefix") {
                    add(host, all, byDefault, ingress, field)
                }
                continue
            }
            for (index, path) in paths.enumerated() { add(host, path, ingress, field["http"]["paths"][index]) }
        }
    }

    private mutating func takeDefault(_ backend: BackendName?, _ ingress: Ingress, _ field: FieldPath) {
        guard let backend else { return }
        guard let first = routing.defaultBackend else {
            routing.defaultBackend = backend
            return
        }
        guard first != backend else { return }
        warn(ingress, field, "an older Ingress has a default backend: this one is left out")
    }

    private mutating func add(_ host: HostPattern, _ path: IngressPath, _ ingress: Ingress, _ field: FieldPath) {
        guard let backend = path.backend.flatMap({ name(of: $0, ingress, field["backend"]) }) else { return }
        guard let pattern = PathPattern(path.path, type: path.pathType) else {
            return warn(ingress, field["path"], "no request has the path \(quoted(path.path)): it is left out")
        }
        if pattern.kind == .prefix, path.pathType != "Prefix", path.path.contains("*") {
            warn(
                ingress, field["path"],
                "\(quoted(path.path)) is a prefix, as every path of type ImplementationSpecific: \"*\" means itself")
        }
        add(host, pattern, backend, ingress, field)
    }

    private mutating func add(
        _ host: HostPattern, _ path: PathPattern, _ backend: BackendName, _ ingress: Ingress, _ field: FieldPath
    ) {
        let claim = Claim(host: host, path: path)
        let title = ingress.title
        guard let first = claims[claim] else {
            claims[claim] = Claimant(ingress: title, backend: backend)
            routing.routes.append(Route(host, path, backend, of: ObjectKey(ingress.meta)))
            return
        }
        guard first.backend != backend else { return }
        let requests =
            "\(path.kind == .exact ? "path" : "prefix") \(quoted(path.path)) of \(host == .all ? "all hosts" : host.description)"
        warn(
            ingress, field,
            first.ingress == title
                ? "an earlier rule has the \(requests): this one is left out"
                : "\(first.ingress), which is older, has the \(requests): this one is left out")
    }

    /// The backend of a rule, which is made if it is new; nil where it names none.
    private mutating func name(of backend: IngressBackend, _ ingress: Ingress, _ field: FieldPath) -> BackendName? {
        guard let found = services.backend(backend, of: ingress, at: field) else { return nil }
        self.found.append(contentsOf: found.diagnostics)
        backends[found.backend.name] = found.backend
        return found.backend.name
    }

    private mutating func warn(_ ingress: Ingress, _ field: FieldPath, _ message: String) {
        found.append(ingress.warning(field, message))
    }
}

extension Ingress {
    /// The older goes before the younger, and of one age the one whose name is first.
    fileprivate var age: (String, ObjectKey) { (creationTimestamp ?? newest, ObjectKey(meta)) }
}

extension BackendName {
    /// By namespace, name and port.
    fileprivate var order: (ObjectKey, String) {
        switch self {
        case .service(let key, let port): (key, port)
        case .resource(let namespace, let kind, let name): (ObjectKey(namespace, name), kind)
        }
    }
}
