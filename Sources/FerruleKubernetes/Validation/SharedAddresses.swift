// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleNetwork

/// Finds services that claim the same address or node port.
///
/// ClusterIPs and node ports are allocated by the API server, which gives each out once (`txnAllocClusterIPs` and
/// `txnAllocNodePorts` in `pkg/registry/core/service/storage/alloc.go`): sharing is an error, unless it has stored
/// both. A node port is given out for all protocols. Those that are stored are claimed first, since they have got
/// theirs.
///
/// External and load balancer addresses are written by hand or by controllers: sharing is possible. One service wins.
struct SharedAddresses {
    private struct Virtual: Hashable {
        let address: IPAddress
        let port: Int
        let `protocol`: String
    }

    private let services: [Service]
    private var clusterIPs: [IPAddress: Int] = [:]
    private var nodePorts: [Int: Int] = [:]
    private var virtuals: [Virtual: Int] = [:]
    private var found = DiagnosticList()

    static func diagnostics(of services: [Service]) -> [Diagnostic] {
        var shared = SharedAddresses(services: services)
        for isStored in [true, false] {
            for index in services.indices
            where services[index].meta.isStored == isStored && services[index].spec.type != "ExternalName" {
                shared.addClusterIPs(of: index)
                shared.addNodePorts(of: index)
            }
        }
        for index in services.indices where services[index].spec.type != "ExternalName" {
            shared.addVirtuals(of: index)
        }
        return shared.found.diagnostics
    }

    private init(services: [Service]) { self.services = services }

    private mutating func addClusterIPs(of index: Int) {
        let spec = services[index].spec
        let many = spec.clusterIPs ?? []
        for (position, text) in (many.isEmpty ? [spec.clusterIP ?? ""] : many).enumerated() {
            guard let address = IPAddress(text), let other = claim(address, index, in: \.clusterIPs) else { continue }
            let field = many.isEmpty ? FieldPath("spec", "clusterIP") : FieldPath("spec", "clusterIPs")[position]
            report(index, field, "\(address) is also a ClusterIP of \(name(of: other))")
        }
    }

    private mutating func addNodePorts(of index: Int) {
        for (field, number) in services[index].nodePortFields {
            guard let other = claim(number, index, in: \.nodePorts) else { continue }
            report(index, field, "\(number) is also a node port of \(name(of: other))")
        }
    }

    private mutating func addVirtuals(of index: Int) {
        let service = services[index]
        for (position, text) in service.spec.externalIPs.enumerated() {
            addVirtual(text, of: index, at: FieldPath("spec", "externalIPs")[position])
        }
        for (position, ingress) in service.loadBalancerIngress.enumerated() where ingress.ipMode ?? "VIP" == "VIP" {
            guard let text = ingress.ip else { continue }
            addVirtual(text, of: index, at: FieldPath("status", "loadBalancer", "ingress")[position]["ip"])
        }
    }

    private mutating func addVirtual(_ text: String, of index: Int, at field: FieldPath) {
        guard let address = IPAddress(text) else { return }
        for port in services[index].spec.ports {
            guard let number = port.port else { continue }
            let key = Virtual(address: address, port: number, protocol: port.protocol ?? "TCP")
            guard let other = claim(key, index, in: \.virtuals) else { continue }
            let claimed = "\(address) with port \(number) and \(key.protocol.brief())"
            report(index, field, "\(claimed) is also claimed by \(name(of: other)); only one gets it", isPossible: true)
        }
    }

    /// Notes that a service claims something; the service that has claimed it before, unless it is the same.
    private mutating func claim<Key>(_ key: Key, _ index: Int, in claims: WritableKeyPath<Self, [Key: Int]>) -> Int? {
        if let other = self[keyPath: claims][key] { return other == index ? nil : other }
        self[keyPath: claims][key] = index
        return nil
    }

    private func name(of index: Int) -> String {
        ObjectReport(.service, services[index].meta).object
    }

    /// - Parameter isPossible: whether an API server takes it.
    private mutating func report(_ index: Int, _ field: FieldPath, _ message: String, isPossible: Bool = false) {
        var report = ObjectReport(.service, services[index].meta)
        if isPossible { report.warn(field, message) } else { report.error(field, message) }
        found.append(contentsOf: report.diagnostics)
    }
}
