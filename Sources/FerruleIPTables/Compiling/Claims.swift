// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution

/// Which service ports have which keys.
struct Claims {
    struct Claim {
        let order: ClaimOrder
        let port: ResolvedPort
        /// nil for a node port.
        let address: IPAddress?

        /// Whether the balancer's ranges hold for it.
        var hasSourceRanges: Bool { order.rank == .balancerIP && port.sourceRanges != nil }
        /// Whether it leads to an endpoint for everybody or anybody.
        var isServed: Bool { order.isServed }
    }

    private struct Key: Hashable {
        let address: IPAddress?
        let transport: TransportProtocol
        let port: Port
    }

    /// The winners at addresses, in the order of services.
    private(set) var addresses: [Claim] = []
    private(set) var nodePorts: [Claim] = []
    /// Every ClusterIP, sorted.
    private(set) var clusterIPs: [IPAddress] = []
    /// The addresses of endpoints on this node, sorted.
    private(set) var localEndpoints: [IPAddress] = []
    private(set) var hasPorts = false

    init(_ cluster: ResolvedCluster, _ family: IPFamily) {
        var winners: [Key: Claim] = [:]
        for service in cluster.services {
            for (place, port) in service.ports.enumerated() where port.family == family {
                hasPorts = true
                localEndpoints += port.endpoints.localAddresses
                if let clusterIP = port.clusterIP { clusterIPs.append(clusterIP) }
                func claim(_ rank: ClaimOrder.Rank, _ address: IPAddress?, _ number: Port) {
                    let order = ClaimOrder(
                        rank, isServed: port.endpoints.existAnywhere, service: service.key, port: place)
                    let key = Key(address: address, transport: port.protocol, port: number)
                    if let winner = winners[key], winner.order < order { return }
                    winners[key] = Claim(order: order, port: port, address: address)
                }
                if let clusterIP = port.clusterIP { claim(.clusterIP, clusterIP, port.port) }
                for address in port.balancerIPs { claim(.balancerIP, address, port.port) }
                for address in port.externalIPs { claim(.externalIP, address, port.port) }
                if let nodePort = port.nodePort { claim(.nodePort, nil, nodePort) }
            }
        }
        (clusterIPs, localEndpoints) = (clusterIPs.sortedUnique(), localEndpoints.sortedUnique())
        let inOrder = winners.values.sorted {
            ($0.order.service, $0.order.port, $0.order.rank, $0.address?.bits ?? 0)
                < ($1.order.service, $1.order.port, $1.order.rank, $1.address?.bits ?? 0)
        }
        addresses = inOrder.filter { $0.address != nil }
        nodePorts = inOrder.filter { $0.address == nil }
    }
}
