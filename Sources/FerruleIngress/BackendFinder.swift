// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution

/// Finds what the backends of Ingresses come to.
struct BackendFinder {
    private let services: [ObjectKey: ServiceOnNode]
    /// The names of the services of each namespace, sorted.
    private let names: [String: [String]]
    private let usesClusterIPs: Bool

    init(_ services: [ServiceOnNode], usesClusterIPs: Bool) {
        self.services = Dictionary(services.map { ($0.service.key, $0) }) { first, _ in first }
        names = Dictionary(grouping: self.services.keys, by: \.namespace)
            .mapValues { $0.map(\.name).sorted() }
        self.usesClusterIPs = usesClusterIPs
    }

    /// The backend that a rule names, and what is wrong with it; nil where it names nothing, or what
    /// cannot be.
    func backend(
        _ backend: IngressBackend, of ingress: Ingress, at field: FieldPath
    ) -> (backend: Backend, diagnostics: [Diagnostic])? {
        func lacking(_ name: BackendName, _ field: FieldPath, _ lack: String, hint: String? = nil) -> (
            Backend, [Diagnostic]
        ) {
            let warning = ingress.warning(field, lack + ": requests are answered with 503", hint: hint)
            return (Backend(name, servers: [], lack: lack), [warning])
        }
        // HAProxy cannot bear names of any length. No service has such ones, as whoever has checked the input has said.
        let names = [ingress.meta.namespace, backend.service?.name, backend.service?.portName]
        guard names.allSatisfy({ ($0?.utf8.count ?? 0) <= 253 }) else { return nil }
        guard let wanted = backend.service else {
            guard let resource = backend.resource else { return nil }
            // Of a resource any name is taken; where two are one when cut, nothing serves either.
            let (kind, name) = (resource.kind.brief(), resource.name.brief())
            return lacking(
                .resource(namespace: ingress.meta.namespace, kind: kind, name: name), field["resource"],
                "nothing is known of what \(kind) \(name) serves")
        }
        let key = ObjectKey(ingress.meta.namespace, wanted.name)
        let serviceField = ingress.isBeta ? field["serviceName"] : field["service"]["name"]
        guard let view = services[key] else {
            return lacking(
                .service(key, port: wanted.portTitle), serviceField, "there is no Service \(key)",
                hint: nearestName(to: key).map { "did you mean \($0)?" })
        }
        switch view.service.kind {
        case .externalName:
            return lacking(
                .service(key, port: wanted.portTitle), serviceField,
                "Service \(key) is an alias in DNS, without endpoints")
        case .leftToAnotherProxy:
            return lacking(
                .service(key, port: wanted.portTitle), serviceField, "Service \(key) is left to another proxy")
        case .virtual, .headless: break
        }
        guard let port = view.service.ports.first(where: wanted.means) else {
            let ports = view.service.ports.filter { $0.protocol == .tcp }.map(\.title).joined(separator: ", ")
            return lacking(
                .service(key, port: wanted.portTitle), ingress.isBeta ? field["servicePort"] : field["service"]["port"],
                "Service \(key) has no TCP port \(wanted.portTitle)" + (ports.isEmpty ? "" : ", only \(ports)"))
        }
        let servers = servers(of: view, port)
        return (
            Backend(
                .service(key, port: port.number.description), servers: servers,
                lack: servers.isEmpty ? "Service \(key) has no ready endpoint" : nil),
            []
        )
    }

    /// Of the family of the service's first ClusterIP; of a headless service, of IPv4 if it has that.
    private func servers(of view: ServiceOnNode, _ port: ClusterServicePort) -> [Endpoint] {
        if view.service.kind == .headless {
            let all = view.service.headlessEndpoints.filter(\.isReady).flatMap { endpoint in
                endpoint.ports.filter { $0.name == port.name && $0.protocol == .tcp }
                    .map { Endpoint(endpoint.address, $0.number) }
            }
            let family = all.contains { $0.address.family == .ipv4 } ? IPFamily.ipv4 : .ipv6
            return Set(all.filter { $0.address.family == family }).sorted()
        }
        guard let clusterIP = view.service.clusterIPs.first else { return [] }
        if usesClusterIPs { return [Endpoint(clusterIP, port.number)] }
        return view.resolved.ports.first {
            $0.family == clusterIP.family && $0.protocol == .tcp && $0.port == port.number
        }?.endpoints.cluster ?? []
    }

    private func nearestName(to key: ObjectKey) -> String? {
        LetterDistance.nearest(to: key.name, among: names[key.namespace] ?? [])
    }
}

extension IngressServiceBackend {
    /// The port as the Ingress calls it.
    fileprivate var portTitle: String { portName.isEmpty ? String(portNumber ?? 0) : portName }

    /// Whether a port of the service is meant.
    fileprivate func means(_ port: ClusterServicePort) -> Bool {
        guard port.protocol == .tcp else { return false }
        return portName.isEmpty ? Int(port.number.number) == portNumber : port.name == portName
    }
}

extension ClusterServicePort {
    /// `80`, or `80 (http)`
    fileprivate var title: String { name.isEmpty ? number.description : "\(number) (\(name))" }
}
