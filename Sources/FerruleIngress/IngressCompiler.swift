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
        /// How many annotations of those that are served ask other controllers for something.
        package let annotationCount: Int
        /// The first of these, and whose it is: `"nginx.ingress.kubernetes.io/rewrite-target" of Ingress shop/web`
        package let firstAnnotation: String?
    }

    private let services: BackendFinder
    private var routing = IngressRouting()
    private var found = DiagnosticList()
    private var claims: [Claim: Claimant] = [:]
    /// Who has the default backend.
    private var defaultClaimant: Claimant?
    /// Those that get requests.
    private var backends: [BackendName: Backend] = [:]

    /// What only one rule can be for.
    private struct Claim: Hashable {
        let host: HostPattern
        let path: PathPattern
    }

    private struct Claimant {
        let ingress: Ingress
        let backend: BackendName
    }

    /// - Parameter ingresses: the older first.
    private init(_ services: BackendFinder, _ ingresses: [Ingress]) {
        self.services = services
        for ingress in ingresses { add(ingress) }
        complete(ingresses.count)
    }

    /// - Parameters:
    ///   - objects: of an input, of which the Ingresses, their classes and the Secrets count.
    ///   - services: all services of the input.
    package static func compile(_ objects: ClusterObjects, services: [ServiceOnNode], options: Options) -> Result {
        let selection = ClassSelection(objects.ingressClasses, wanted: options.className)
        let ingresses = objects.ingresses.filter(selection.includes).sorted { $0.age < $1.age }
        let others = objects.ingresses.filter { !selection.includes($0) }
        var compiler = IngressCompiler(
            BackendFinder(services, usesClusterIPs: options.usesClusterIPs), ingresses)
        // A class that is misspelt is one that nobody wants.
        compiler.found.append(
            contentsOf: selection.diagnostics + objects.ingresses.compactMap(selection.complaint))
        if options.servesTLS {
            let tls = CertificateSelection(ingresses, objects.secrets)
            compiler.routing.certificates = tls.certificates
            compiler.found.append(contentsOf: tls.diagnostics)
        }
        return Result(
            routing: compiler.routing, diagnostics: compiler.found.diagnostics,
            otherClasses: Set(others.compactMap(selection.name)).sorted(), otherCount: others.count,
            tlsCount: ingresses.count { !$0.tls.isEmpty },
            annotationCount: ingresses.reduce(0) { $0 + $1.controllerAnnotations.count },
            firstAnnotation: ingresses.lazy.compactMap { ingress in
                ingress.controllerAnnotations.first.map { "\(quoted($0)) of \(ingress.title)" }
            }.first)
    }

    /// What is wrong with the routing of an input's Ingresses, where those of a class are served by themselves.
    ///
    /// - Parameter services: all services of the input.
    package static func diagnostics(of objects: ClusterObjects, services: [ServiceOnNode]) -> [Diagnostic] {
        let selection = ClassSelection(objects.ingressClasses, wanted: nil)
        let finder = BackendFinder(services, usesClusterIPs: false)
        var found = DiagnosticList()
        found.append(contentsOf: selection.diagnostics + objects.ingresses.compactMap(selection.complaint))
        let classes = Dictionary(grouping: objects.ingresses, by: selection.name)
        for (_, ingresses) in classes.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
            let compiler = IngressCompiler(finder, ingresses.sorted { $0.age < $1.age })
            found.append(contentsOf: compiler.found.diagnostics)
        }
        return found.diagnostics
    }

    private mutating func complete(_ count: Int) {
        routing.ingressCount = count
        routing.routes.sort { left, right in
            left.host == right.host ? left.path < right.path : left.host < right.host
        }
        routing.defaultBackend = defaultClaimant?.backend
        routing.backends = backends.values.sorted { $0.name.order < $1.name.order }
    }

    private mutating func add(_ ingress: Ingress) {
        let spec = FieldPath("spec")
        let defaultField = spec[ingress.isBeta ? "backend" : "defaultBackend"]
        let byDefault = ingress.defaultBackend.flatMap { services.backend($0, of: ingress, at: defaultField) }
        var takesRequests = false
        if let byDefault { takesRequests = takeDefault(byDefault.backend, ingress, defaultField) }
        for (index, rule) in ingress.rules.enumerated() {
            // What is no host was said by whoever has checked the input.
            guard let host = HostPattern(rule.host) else { continue }
            let field = spec["rules"][index]
            guard let paths = rule.paths else {
                // All requests of the host are for the default backend.
                if let byDefault, let all = PathPattern("/", type: "Prefix"),
                    take(host, all, byDefault.backend, ingress, field)
                {
                    takesRequests = true
                }
                continue
            }
            for (index, path) in paths.enumerated() { add(host, path, ingress, field["http"]["paths"][index]) }
        }
        // What is left out answers nothing, whatever it lacks.
        if let byDefault, takesRequests { found.append(contentsOf: byDefault.diagnostics) }
    }

    private mutating func add(_ host: HostPattern, _ path: IngressPath, _ ingress: Ingress, _ field: FieldPath) {
        guard let named = path.backend.flatMap({ services.backend($0, of: ingress, at: field["backend"]) }) else {
            return
        }
        guard let pattern = PathPattern(path.path, type: path.pathType) else {
            return warn(
                ingress, field["path"],
                "\(quoted(path.path)) does not begin with \"/\", or holds a zero byte: it is left out")
        }
        if pattern.kind == .prefix, path.pathType != "Prefix", path.path.contains("*") {
            warn(
                ingress, field["path"],
                "\(quoted(path.path)) is a prefix, as every path of type ImplementationSpecific: \"*\" means itself")
        }
        if take(host, pattern, named.backend, ingress, field) { found.append(contentsOf: named.diagnostics) }
    }

    /// Makes a backend the default one, or says who has that; returns whether requests get to it.
    private mutating func takeDefault(_ backend: Backend, _ ingress: Ingress, _ field: FieldPath) -> Bool {
        guard let first = defaultClaimant else {
            defaultClaimant = Claimant(ingress: ingress, backend: keep(backend))
            return true
        }
        guard first.backend != backend.name else { return true }
        warn(ingress, field, "\(first.ingress.title(before: ingress)) has the default backend: this one is left out")
        return false
    }

    /// Leads requests to a backend, or says who has them; returns whether they get to it.
    private mutating func take(
        _ host: HostPattern, _ path: PathPattern, _ backend: Backend, _ ingress: Ingress, _ field: FieldPath
    ) -> Bool {
        let claim = Claim(host: host, path: path)
        guard let first = claims[claim] else {
            claims[claim] = Claimant(ingress: ingress, backend: backend.name)
            routing.routes.append(Route(host, path, keep(backend), of: ObjectKey(ingress.meta)))
            return true
        }
        guard first.backend != backend.name else { return true }
        let owner =
            first.ingress.title == ingress.title ? "an earlier rule" : first.ingress.title(before: ingress)
        let requests =
            "\(path.kind == .exact ? "path" : "prefix") \(quoted(path.text)) of \(host == .all ? "all hosts" : host.description)"
        warn(ingress, field, "\(owner) has the \(requests): this one is left out")
        return false
    }

    /// Keeps a backend that gets requests, and returns what it is called: to Swift, names of other bytes may be one.
    private mutating func keep(_ backend: Backend) -> BackendName {
        let known = backends[backend.name] ?? backend
        backends[known.name] = known
        return known.name
    }

    private mutating func warn(_ ingress: Ingress, _ field: FieldPath, _ message: String) {
        found.append(ingress.warning(field, message))
    }
}

extension BackendName {
    /// By namespace, name and port; services first.
    fileprivate var order: (ObjectKey, String, Int) {
        switch self {
        case .service(let key, let port): (key, port, 0)
        case .resource(let namespace, let kind, let name): (ObjectKey(namespace, name), kind, 1)
        }
    }
}
