// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleText

/// Says why a service or one of its ports has no endpoints, where that is hardly meant. A service that is scaled to nothing,
/// or whose endpoints are not ready, is as its author wants it.
struct EndpointWarnings {
    /// With placeholder pods where those are asked for.
    private let store: ClusterStore
    private let assumesPods: Bool
    /// The names of slices that belong to no service, by namespace; sorted.
    private var unclaimed: [String: [String]] = [:]

    init(_ store: ClusterStore, assumesPods: Bool) { (self.store, self.assumesPods) = (store, assumesPods) }

    func diagnostics(of cluster: ResolvedCluster) -> [Diagnostic] {
        let services = cluster.services
        let lacking = services.indices.filter { index in
            services[index].ports.indices.contains { !services[index].ports[$0].endpoints.existAnywhere }
        }
        guard !lacking.isEmpty else { return [] }
        var warnings = self
        warnings.findUnclaimed()
        return lacking.flatMap { store.services[services[$0].key].map(warnings.diagnostics) ?? [] }
    }

    /// The same for services that have no port without endpoints, but none at all: headless ones.
    func diagnostics(ofEmpty keys: [ObjectKey]) -> [Diagnostic] {
        guard !keys.isEmpty else { return [] }
        var warnings = self
        warnings.findUnclaimed()
        let endpoints = EndpointIndex(store)
        return keys.compactMap { store.services[$0] }.compactMap { service in
            switch endpoints.source(of: service) {
            case .none: warnings.reasonOfService(service)
            case .pods(let pods): pods.allSatisfy(\.podIPs.isEmpty) ? warnings.declaredPods(service) : nil
            case .slices, .endpoints: nil
            }
        }
    }

    private mutating func findUnclaimed() {
        let slices = store.endpointSlices.objects
        for place in slices.indices where slices[place].meta.labels[EndpointSlice.serviceNameLabel] == nil {
            unclaimed[slices[place].meta.namespace, default: []].append(slices[place].meta.name)
        }
        unclaimed = unclaimed.mapValues { $0.sorted() }
    }

    /// The reasons for a service that has a port without endpoints.
    private func diagnostics(of service: Service) -> [Diagnostic] {
        let endpoints = EndpointIndex(store)
        let source = endpoints.source(of: service)
        return switch source {
        case .none: [reasonOfService(service)].compactMap(\.self)
        case .pods(let pods):
            if pods.allSatisfy(\.podIPs.isEmpty) {
                [declaredPods(service)].compactMap(\.self)
            } else {
                service.spec.ports.indices.compactMap { targetPort(service, $0, pods) }
            }
        case .slices: portNames(service, endpoints.ports(of: source), kind: "EndpointSlice")
        case .endpoints: portNames(service, endpoints.ports(of: source), kind: "Endpoints")
        }
    }

    private func reasonOfService(_ service: Service) -> Diagnostic? {
        if let found = declaredPods(service) ?? unlabelledSlice(service) { return found }
        // Where nothing tells of endpoints at all, that is said once for all services.
        guard store.tellsOfEndpoints, let selector = service.spec.selector, !selector.isEmpty else { return nil }
        return warning(
            service, FieldPath("spec", "selector"),
            "\"\(selector)\" matches no Pod of the input, and no EndpointSlice or Endpoints names the service: it has no "
                + "endpoints")
    }

    /// Nobody has run the pods yet.
    private func declaredPods(_ service: Service) -> Diagnostic? {
        guard !assumesPods, let selector = service.spec.selector, !selector.isEmpty else { return nil }
        let names =
            store.workloads(matching: selector, in: service.meta.namespace).map {
                "\($0.kind.rawValue) \($0.meta.displayName)"
            }
            + store.pods(matching: selector, in: service.meta.namespace).map {
                "Pod \($0.meta.displayName)"
            }
        guard let declared = names.min() else { return nil }
        return warning(
            service, FieldPath("spec", "selector"),
            "matches only declared pods, which have no address yet (\(declared)): the service has no endpoints",
            hint: "pass --assume-pods to give declared replicas placeholder addresses")
    }

    /// A slice that is called after the service, as controllers call theirs, but does not say so.
    private func unlabelledSlice(_ service: Service) -> Diagnostic? {
        let name = service.meta.name
        let slice = unclaimed[service.meta.namespace]?.first { slice in
            slice == name || (slice.hasPrefix(name + "-") && !slice.dropFirst(name.count + 1).contains("-"))
        }
        guard let slice else { return nil }
        return warning(
            service, FieldPath("metadata", "name"),
            "EndpointSlice \(service.meta.namespace)/\(slice) has no label \(EndpointSlice.serviceNameLabel), so it is "
                + "no slice of this service: it has no endpoints",
            hint: "give the slice the label `\(EndpointSlice.serviceNameLabel): \(name)`")
    }

    /// A port that none of the slices or subsets has. Those without endpoints say nothing: controllers write no ports there.
    private func portNames(_ service: Service, _ offered: [[EndpointPort]], kind: String) -> [Diagnostic] {
        guard !offered.isEmpty else { return [] }
        let offered = offered.flatMap(\.self)
        let titles = Set(offered.map(\.title)).sorted()
        let others = titles.isEmpty ? "which have no ports" : "only " + listed(titles, shown: 3)
        return service.spec.ports.indices.compactMap { index in
            let port = service.spec.ports[index]
            guard !offered.contains(where: { $0.pairs(with: port) }) else { return nil }
            return warning(
                service, FieldPath("spec", "ports")[index]["name"],
                "no \(kind) of the service has \(port.title), \(others): the port has no endpoints",
                hint: "ports of a service and of its endpoints are paired by name and protocol")
        }
    }

    /// A target port that no container of the pods names.
    private func targetPort(_ service: Service, _ index: Int, _ pods: [Pod]) -> Diagnostic? {
        let port = service.spec.ports[index]
        guard case .name(let name)? = port.targetPort else { return nil }
        let isKnown = pods.contains { pod in
            pod.spec.containers.contains { container in
                container.ports.contains { $0.name == name && ($0.protocol ?? "TCP") == (port.protocol ?? "TCP") }
            }
        }
        guard !isKnown else { return nil }
        return warning(
            service, FieldPath("spec", "ports")[index]["targetPort"],
            "no container of the pods that the selector matches has \(portTitle(name, port.protocol)): the port has no "
                + "endpoints")
    }

    private func warning(
        _ service: Service, _ field: FieldPath, _ message: String, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(.warning, message, object: service.title, field: field, origin: service.meta.origin, hint: hint)
    }
}

/// `a TCP port "http"`, `an unnamed UDP port`
private func portTitle(_ name: String, _ transport: String?) -> String {
    let transport = transport ?? "TCP"
    if name.isEmpty { return "an unnamed \(transport) port" }
    return (transport == "SCTP" ? "an " : "a ") + "\(transport) port \"\(name)\""
}

extension ServicePort {
    fileprivate var title: String { portTitle(name, `protocol`) }
}

extension EndpointPort {
    fileprivate var title: String { portTitle(name, `protocol`) + ((port ?? 0) == 0 ? " without a number" : "") }
}
