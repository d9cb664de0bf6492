// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleResolution
package import FerruleRuleset

/// Services in the order of namespace and name, as text.
package enum ServiceListing {
    /// What packets find in the tables of a kernel.
    package static func rows(of ruleset: Ruleset) -> [ServiceRow] {
        var byService: [ObjectKey: [FrontendView]] = [:]
        for view in ruleset.frontendViews {
            byService[ObjectKey(view.name.namespace, view.name.serviceName), default: []].append(view)
        }
        return byService.map { ServiceRow($0, $1) }.sorted { $0.key < $1.key }
    }

    /// All services of definitions without the external addresses that nodes serve for others: of several services that claim one
    /// with a port one gets it.
    package static func withoutLostAddresses(_ rows: [ServiceRow]) -> [ServiceRow] {
        let external = Set(rows.lazy.flatMap(\.externalAddresses))
        guard !external.isEmpty else { return rows }
        var winners: [VirtualPort: ClaimOrder] = [:]
        for row in rows {
            func claim(_ address: IPAddress, _ rank: ClaimOrder.Rank) {
                for (place, port) in row.ports.enumerated() {
                    let claim = ClaimOrder(rank, isServed: port.isServed(address.family), service: row.key, port: place)
                    let key = VirtualPort(address, port)
                    winners[key] = winners[key].map { min($0, claim) } ?? claim
                }
            }
            for address in row.clusterIPs where external.contains(address) { claim(address, .clusterIP) }
            for address in row.externalAddresses { claim(address, .externalIP) }
        }
        return rows.map { row in
            row.keepingExternalAddresses { address in
                row.ports.contains { winners[VirtualPort(address, $0)]?.service == row.key }
            }
        }
    }
}

/// What one service gets of several that claim it.
private struct VirtualPort: Hashable {
    let address: IPAddress
    let transport: TransportProtocol?
    let number: Port?

    init(_ address: IPAddress, _ port: ServicePortRow) {
        (self.address, transport, number) = (address, port.transport, port.number)
    }
}

extension ServicePortRow {
    /// Whether any node has an endpoint of a family for it.
    fileprivate func isServed(_ family: IPFamily) -> Bool {
        endpoints.contains { $0.getsTraffic && $0.address.family == family }
    }
}
