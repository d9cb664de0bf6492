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
/// Of other addresses, which may be shared, ``ExternalClaims`` tells.
struct SharedAddresses {
    private let services: [Service]
    private var clusterIPs: [IPAddress: Int] = [:]
    private var nodePorts: [Int: Int] = [:]
    private var found = DiagnosticList()

    /// - Parameter tellsExternalClaims: of other addresses too.
    static func diagnostics(of services: [Service], tellsExternalClaims: Bool) -> [Diagnostic] {
        var shared = SharedAddresses(services: services)
        for isStored in [true, false] {
            for index in services.indices
            where services[index].meta.isStored == isStored && services[index].spec.type != "ExternalName" {
                shared.addClusterIPs(of: index)
                shared.addNodePorts(of: index)
            }
        }
        var claims = ExternalClaims()
        for service in services where tellsExternalClaims {
            shared.found.append(contentsOf: claims.put(service))
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

    /// Notes that a service claims something; the service that has claimed it before, unless it is the same.
    private mutating func claim<Key>(_ key: Key, _ index: Int, in claims: WritableKeyPath<Self, [Key: Int]>) -> Int? {
        if let other = self[keyPath: claims][key] { return other == index ? nil : other }
        self[keyPath: claims][key] = index
        return nil
    }

    private func name(of index: Int) -> String {
        ObjectReport(.service, services[index].meta).object
    }

    private mutating func report(_ index: Int, _ field: FieldPath, _ message: String) {
        var report = ObjectReport(.service, services[index].meta)
        report.error(field, message)
        found.append(contentsOf: report.diagnostics)
    }
}
