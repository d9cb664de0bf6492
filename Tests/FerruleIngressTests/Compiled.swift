// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiagnostics
import FerruleIngress
import FerruleKubernetes
import FerruleManifests
import FerruleNetwork
import FerruleResolution
import Foundation
import Testing

/// What becomes of the Ingresses of a text.
struct Compiled {
    let routing: IngressRouting
    let result: IngressCompiler.Result
    /// What is said of them: `Ingress shop/a: spec.rules[0].host: ...`
    let messages: [String]
    /// The same where those of each class are served by themselves.
    let messagesByClass: [String]

    init(_ text: String, _ change: (inout IngressCompiler.Options) -> Void = { _ in }) throws {
        var reader = ManifestReader { Data(text.utf8) }
        reader.kinds = Set(ObjectKind.allCases)
        let objects = try reader.read(["-"]).objects
        var resolution = ResolutionOptions()
        resolution.isForAllNodes = true
        let services = ClusterResolver(ClusterStore(objects), options: resolution).overview(ServiceOnNode.init)
        var options = IngressCompiler.Options()
        change(&options)
        result = IngressCompiler.compile(objects, services: services.descriptions, options: options)
        routing = result.routing
        messages = result.diagnostics.map(Self.words)
        messagesByClass = IngressCompiler.diagnostics(of: objects, services: services.descriptions).map(Self.words)
    }

    /// `a.example.com exact /shop -> web:80`
    var routes: [String] {
        routing.routes.map { "\($0.host) \($0.path.kind) \($0.path.text) -> \(Self.words($0.backend))" }
    }

    /// `web:80 10.0.0.1:80 10.0.0.2:80`, or why there is nothing
    var backends: [String] {
        routing.backends.map { backend in
            ([Self.words(backend.name)] + backend.servers.map(\.description) + [backend.lack].compactMap(\.self))
                .joined(separator: " ")
        }
    }

    private static func words(_ diagnostic: Diagnostic) -> String {
        "\(diagnostic.object ?? ""): \(diagnostic.field): \(diagnostic.message)"
    }

    private static func words(_ backend: BackendName) -> String {
        switch backend {
        case .service(let key, let port): "\(key.name):\(port)"
        case .resource(_, let kind, let name): "\(kind) \(name)"
        }
    }
}

/// An Ingress in JSON.
///
/// - Parameters:
///   - rules: the rules, in YAML's flow style.
///   - more: further fields of its spec.
func ingress(
    _ name: String, rules: String = "[]", more: String = "", created: String? = nil, annotations: String = "{}",
    version: String = "networking.k8s.io/v1"
) -> String {
    let time = created.map { ", creationTimestamp: \"\($0)\"" } ?? ""
    return """
        ---
        apiVersion: \(version)
        kind: Ingress
        metadata: {name: \(name), namespace: shop, annotations: \(annotations)\(time)}
        spec: {rules: \(rules)\(more.isEmpty ? "" : ", " + more)}

        """
}

/// A rule of one path that leads to port 80 of a service.
func rule(_ host: String, _ path: String, _ service: String = "web", type: String = "Prefix") -> String {
    #"{host: "\#(host)", http: {paths: [{path: "\#(path)", pathType: \#(type), backend: \#(backend(service))}]}}"#
}

/// Port 80 of a service.
func backend(_ service: String = "web", port: String = "number: 80") -> String {
    "{service: {name: \(service), port: {\(port)}}}"
}

/// A service with two ready endpoints, and one that is not.
func service(_ name: String, number: Int = 1, ports: String = "[{name: http, port: 80}]") -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), namespace: shop}
    spec: {clusterIP: 10.96.0.\(number), ports: \(ports)}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name)-1, namespace: shop, labels: {kubernetes.io/service-name: \(name)}}
    addressType: IPv4
    ports: [{name: http, port: 8080}]
    endpoints:
    - {addresses: [10.244.\(number).2]}
    - {addresses: [10.244.\(number).1]}
    - {addresses: [10.244.\(number).3], conditions: {ready: false}}

    """
}
