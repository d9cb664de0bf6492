// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// What one service puts into the tables of a node: a function of the service as the node sees it and of the addresses at
/// which the node serves node ports, and of no other service.
///
/// It never changes, and is a class because the tables of a builder refer to it from each of its keys.
package final class Contribution: Sendable {
    let service: ResolvedService
    /// What it claims, in no order of meaning.
    let claims: [Claim]
    /// Whether one of its ports has session affinity.
    let isSticky: Bool

    private init(_ service: ResolvedService, _ claims: [Claim], isSticky: Bool) {
        (self.service, self.claims, self.isSticky) = (service, claims, isSticky)
    }

    /// A function, since an initializer would own, and so copy, what is the same for all services.
    static func of(_ service: ResolvedService, _ surroundings: Surroundings) -> Contribution {
        Contribution(
            service, service.ports.indices.flatMap { Claim.all(of: service.ports[$0], at: $0, surroundings) },
            isSticky: service.ports.contains { $0.affinitySeconds != nil })
    }

    func hasPorts(of family: IPFamily) -> Bool {
        service.ports.indices.contains { service.ports[$0].family == family }
    }

    /// How many endpoints the service has, each address and port counted once.
    var endpointCount: Int {
        service.ports.indices.reduce(0) { $0 + service.ports[$1].endpoints.count }
    }
}

/// That packets with a key belong to a port of a service.
struct Claim: Sendable, Equatable {
    typealias Rank = ClaimOrder.Rank

    /// Virtual address, protocol and port; or protocol and node port.
    let key: ElementKey
    let family: IPFamily
    let rank: Rank
    let shape: Shape
    /// The service port, as a position among those of the service.
    let port: Int

    var isNodePort: Bool { rank == .nodePort }

    static func all(of port: ResolvedPort, at position: Int, _ surroundings: Surroundings) -> [Claim] {
        func claim(_ address: IPAddress, _ rank: Rank, _ shape: Shape) -> Claim {
            Claim(
                key: .service(address, port.protocol, port.port), family: port.family, rank: rank, shape: shape,
                port: position)
        }
        var claims: [Claim] = []
        if let clusterIP = port.clusterIP { claims.append(claim(clusterIP, .clusterIP, .clusterIP(of: port))) }
        if let nodePort = port.nodePort {
            claims.append(
                Claim(
                    key: .port(port.protocol, nodePort), family: port.family, rank: .nodePort,
                    shape: .external(of: port, isNodePort: true), port: position))
        }
        guard !port.externalIPs.isEmpty || !port.balancerIPs.isEmpty else { return claims }
        let nodePorts = surroundings.nodePortAddresses(port.family)
        func shape(_ address: IPAddress) -> Shape { .external(of: port, at: address, nodePorts) }
        claims += port.balancerIPs.map {
            claim($0, .balancerIP, port.sourceRanges == nil ? shape($0) : .firewall(shape($0)))
        }
        return claims + port.externalIPs.map { claim($0, .externalIP, shape($0)) }
    }
}
