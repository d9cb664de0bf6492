// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import FerruleNetwork

/// Which services claim which external and load balancer addresses, as services come and go.
///
/// These are written by hand or by controllers, and no API server gives them out: two services may claim one address with the
/// same port and protocol. One of them gets it.
package struct ExternalClaims: Sendable {
    private struct Virtual: Hashable {
        let address: IPAddress
        let port: Int
        let `protocol`: String
    }

    /// Who claims something, those who have claimed it longest first: services as people call them.
    private var claimants: [Virtual: [String]] = [:]
    /// What each of those services claims that claim something.
    private var claims: [String: Set<Virtual>] = [:]

    package init() {}

    /// Takes a service in place of what it was before.
    ///
    /// - Returns: of what it has not claimed before what others claim too.
    package mutating func put(_ service: Service) -> [Diagnostic] {
        var report = ObjectReport(.service, service.meta)
        let before = claims[report.object] ?? []
        var now: Set<Virtual> = []
        for (field, address) in service.externalAddresses {
            for port in service.spec.ports {
                guard let number = port.port else { continue }
                let claim = Virtual(address: address, port: number, protocol: port.protocol ?? "TCP")
                now.insert(claim)
                guard !before.contains(claim), let other = claimants[claim]?.first else { continue }
                report.warn(
                    field,
                    "\(address) with port \(number) and \(claim.protocol.brief()) is also claimed by \(other); "
                        + "only one gets it")
            }
        }
        for claim in before.subtracting(now) { withdraw(claim, of: report.object) }
        for claim in now.subtracting(before) { claimants[claim, default: []].append(report.object) }
        claims[report.object] = now.isEmpty ? nil : now
        return report.diagnostics
    }

    /// A service is there no more.
    package mutating func remove(namespace: String, name: String) {
        let service = ObjectReport(.service, ObjectMeta(name: name, namespace: namespace)).object
        for claim in claims.removeValue(forKey: service) ?? [] { withdraw(claim, of: service) }
    }

    private mutating func withdraw(_ claim: Virtual, of service: String) {
        let rest = claimants[claim]?.filter { $0 != service } ?? []
        claimants[claim] = rest.isEmpty ? nil : rest
    }
}

extension Service {
    /// The addresses that it claims beside its ClusterIPs, and the fields that say so.
    fileprivate var externalAddresses: [(FieldPath, IPAddress)] {
        guard spec.type != "ExternalName" else { return [] }
        let external = spec.externalIPs.enumerated().map { (FieldPath("spec", "externalIPs")[$0], $1) }
        let ofBalancers = loadBalancerIngress.enumerated().filter { $0.element.ipMode ?? "VIP" == "VIP" }.compactMap {
            position, ingress in
            ingress.ip.map { (FieldPath("status", "loadBalancer", "ingress")[position]["ip"], $0) }
        }
        return (external + ofBalancers).compactMap { field, text in IPAddress(text).map { (field, $0) } }
    }
}
