// SPDX-License-Identifier: Apache-2.0

extension Ingress: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(AnnotatedMeta.schema), .spec: .object(IngressSpec.schema)],
        unread: [.init("status", .object(.ingressStatus))])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(fields.value(.metadata))
        guard let spec = fields.value(.spec, as: IngressSpec.self) else { return }
        (className, defaultBackend, tls, rules) = (spec.className, spec.defaultBackend, spec.tls, spec.rules)
    }

    fileprivate init(_ annotated: AnnotatedMeta?) {
        self.init(meta: annotated?.meta ?? ObjectMeta(name: "", namespace: ""))
        creationTimestamp = annotated?.creationTimestamp
        annotatedClass = annotated?.annotations[Self.classAnnotation]
        controllerAnnotations = (annotated?.annotations ?? [:]).keys.filter(Self.isForController).sorted()
    }

    /// Whether an annotation is one of those that controllers document, by which their users change how requests are led.
    private static func isForController(_ name: String) -> Bool {
        let parts = name.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, name != classAnnotation else { return false }
        let domain = parts[0]
        return ".\(domain)".hasSuffix(".ingress.kubernetes.io") || controllerDomains.contains(String(domain))
            || name.hasPrefix("kubernetes.io/ingress.")
    }

    /// Of controllers whose annotations are not below `ingress.kubernetes.io`.
    private static let controllerDomains: Set = [
        "haproxy.org", "haproxy-ingress.github.io", "konghq.com", "networking.gke.io", "nginx.com", "nginx.org",
        "projectcontour.io",
    ]
}

/// An Ingress of `extensions/v1beta1` or `networking.k8s.io/v1beta1`, whose backends are written otherwise.
struct BetaIngress: Decodable {
    private(set) var ingress: Ingress

    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(AnnotatedMeta.schema), .spec: .object(BetaIngressSpec.schema)],
        unread: [.init("status", .object(.ingressStatus))])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        ingress = Ingress(fields.value(.metadata))
        ingress.isBeta = true
        guard let spec = fields.value(.spec, as: BetaIngressSpec.self) else { return }
        (ingress.className, ingress.defaultBackend) = (spec.className, spec.defaultBackend)
        (ingress.tls, ingress.rules) = (spec.tls, spec.rules)
    }
}

extension IngressClass: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(AnnotatedMeta.schema), .spec: .object(IngressClassSpec.schema)])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        let annotated = fields.value(.metadata, as: AnnotatedMeta.self)
        self.init(meta: annotated?.meta ?? ObjectMeta(name: "", namespace: ""))
        creationTimestamp = annotated?.creationTimestamp
        isDefault = annotated?.annotations[Self.defaultAnnotation] == "true"
        controller = fields.value(.spec, as: IngressClassSpec.self)?.controller
    }
}

private struct IngressClassSpec: Decodable {
    let controller: String?

    private enum Keys: CodingKey, CaseIterable { case controller }

    static let schema = FieldSchema(
        Keys.self,
        unread: [
            .init("parameters", .object(FieldSchema(unread: ["apiGroup", "kind", "name", "scope", "namespace"])))
        ])

    init(from decoder: any Decoder) throws { controller = try Fields<Keys>(decoder).text(.controller) }
}

private struct IngressSpec: Decodable {
    let className: String?
    let defaultBackend: IngressBackend?
    let tls: [IngressTLS]
    let rules: [IngressRule]

    private enum Keys: CodingKey, CaseIterable { case ingressClassName, defaultBackend, tls, rules }

    static let schema = FieldSchema(
        Keys.self,
        [
            .defaultBackend: .object(IngressBackend.schema), .tls: .list(of: IngressTLS.schema),
            .rules: .list(of: Rule<IngressBackend>.schema(IngressBackend.schema)),
        ])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (className, defaultBackend) = (fields.value(.ingressClassName), fields.value(.defaultBackend))
        tls = fields.list(.tls) ?? []
        rules = (fields.list(.rules, of: Rule<IngressBackend>.self) ?? []).map { $0.rule(\.self) }
    }
}

private struct BetaIngressSpec: Decodable {
    let className: String?
    let defaultBackend: IngressBackend?
    let tls: [IngressTLS]
    let rules: [IngressRule]

    private enum Keys: CodingKey, CaseIterable { case ingressClassName, backend, tls, rules }

    static let schema = FieldSchema(
        Keys.self,
        [
            .backend: .object(BetaIngressBackend.schema), .tls: .list(of: IngressTLS.schema),
            .rules: .list(of: Rule<BetaIngressBackend>.schema(BetaIngressBackend.schema)),
        ])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        className = fields.value(.ingressClassName)
        defaultBackend = fields.value(.backend, as: BetaIngressBackend.self)?.backend
        tls = fields.list(.tls) ?? []
        rules = (fields.list(.rules, of: Rule<BetaIngressBackend>.self) ?? []).map { $0.rule(\.backend) }
    }
}

/// One of `spec.rules`, with backends of one version or the other.
private struct Rule<Backend: Decodable>: Decodable {
    let host: String
    let http: HTTP?

    private enum Keys: CodingKey, CaseIterable { case host, http }

    static func schema(_ backend: FieldSchema) -> FieldSchema {
        FieldSchema(Keys.self, [.http: .object(HTTP.schema(backend))])
    }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (host, http) = (fields.value(.host) ?? "", fields.value(.http))
    }

    func rule(_ backend: (Backend) -> IngressBackend) -> IngressRule {
        var rule = IngressRule()
        rule.host = host
        rule.paths = http?.paths.map { found in
            var path = IngressPath()
            (path.path, path.pathType, path.backend) = (found.path, found.pathType, found.backend.map(backend))
            return path
        }
        return rule
    }

    struct HTTP: Decodable {
        let paths: [Path]

        private enum Keys: CodingKey, CaseIterable { case paths }

        static func schema(_ backend: FieldSchema) -> FieldSchema {
            FieldSchema(Keys.self, [.paths: .list(of: Path.schema(backend))])
        }

        init(from decoder: any Decoder) throws { paths = try Fields<Keys>(decoder).list(.paths) ?? [] }
    }

    struct Path: Decodable {
        let path: String
        let pathType: String?
        let backend: Backend?

        private enum Keys: CodingKey, CaseIterable { case path, pathType, backend }

        static func schema(_ backend: FieldSchema) -> FieldSchema {
            FieldSchema(Keys.self, [.backend: .object(backend)])
        }

        init(from decoder: any Decoder) throws {
            let fields = try Fields<Keys>(decoder)
            (path, pathType, backend) = (fields.value(.path) ?? "", fields.value(.pathType), fields.value(.backend))
        }
    }
}

extension IngressTLS: Decodable {
    private enum Keys: CodingKey, CaseIterable { case hosts, secretName }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        (hosts, secretName) = (fields.list(.hosts) ?? [], fields.text(.secretName))
    }
}

extension IngressBackend: Decodable {
    private enum Keys: CodingKey, CaseIterable { case service, resource }

    static let schema = FieldSchema(
        Keys.self, [.service: .object(IngressServiceBackend.schema), .resource: .object(IngressResource.schema)])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        (service, resource) = (fields.value(.service), fields.value(.resource))
    }
}

/// A backend of the older versions.
private struct BetaIngressBackend: Decodable {
    private(set) var backend = IngressBackend()

    private enum Keys: CodingKey, CaseIterable { case serviceName, servicePort, resource }

    static let schema = FieldSchema(Keys.self, [.resource: .object(IngressResource.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        backend.resource = fields.value(.resource)
        let (name, port) = (fields.text(.serviceName), fields.value(.servicePort, as: IntOrString.self))
        guard name != nil || port != nil else { return }
        var service = IngressServiceBackend()
        service.name = name ?? ""
        switch port {
        case .number(let number): service.portNumber = number
        case .name(let name): service.portName = name
        case nil: break
        }
        backend.service = service
    }
}

extension IngressServiceBackend: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, port }

    static let schema = FieldSchema(Keys.self, [.port: .object(ServiceBackendPort.schema)])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        let port = fields.value(.port, as: ServiceBackendPort.self)
        (portName, portNumber) = (port?.name ?? "", port?.number)
    }
}

private struct ServiceBackendPort: Decodable {
    let name: String
    let number: Int?

    private enum Keys: CodingKey, CaseIterable { case name, number }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        (name, number) = (fields.value(.name) ?? "", fields.value(.number))
    }
}

extension IngressResource: Decodable {
    private enum Keys: CodingKey, CaseIterable { case apiGroup, kind, name }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        apiGroup = fields.value(.apiGroup)
        (kind, name) = (fields.value(.kind) ?? "", fields.value(.name) ?? "")
    }
}
