// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleResolution

/// Makes the rules of one family from the services as a node sees them.
package enum IPTablesCompiler {
    package static func compile(
        _ cluster: ResolvedCluster, _ family: IPFamily, _ options: IPTablesOptions
    ) -> IPTablesRuleset {
        let claims = Claims(cluster, family)
        let serviceCIDRs = cluster.surroundings.serviceCIDRs.filter { $0.family == family }
        guard claims.hasPorts || !serviceCIDRs.isEmpty else {
            return IPTablesRuleset(family, tables: IPTablesTable.Name.allCases.map { IPTablesTable($0) })
        }
        let node = NodePortEntrance(cluster.surroundings.nodePortAddresses(family), family)
        let pods = PodMatch(cluster.surroundings.podTraffic, family, options.mark)
        let filter = FilterTable(claims: claims, serviceCIDRs: serviceCIDRs, node: node, family: family)
        let nat = NATTable(claims: claims, node: node, pods: pods, family: family, options: options)
        return IPTablesRuleset(family, tables: [filter.table, nat.table])
    }
}

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

/// How packets to the node's own addresses that serve node ports come to a chain.
struct NodePortEntrance {
    private let addresses: NodePortAddresses
    private let family: IPFamily

    init(_ addresses: NodePortAddresses, _ family: IPFamily) { (self.addresses, self.family) = (addresses, family) }

    /// Whether an address may be one of them.
    func mayHold(_ address: IPAddress) -> Bool { addresses.mayHold(address) }

    private var loopback: Prefix { Prefix(loopbackOf: family) }

    /// The rules that lead there.
    ///
    /// - Parameter between: the chain that stands before it where the node's addresses are only known by ranges.
    func rules(to chain: IPTablesChainName, by between: IPTablesChainName) -> [IPTablesRule] {
        switch addresses {
        case .listed(let listed): listed.map { IPTablesRule(.destination(Prefix($0)), target: .jump(chain)) }
        case .all:
            [
                IPTablesRule(.destination(loopback, negated: true), .destinationIsLocal, target: .jump(chain))
            ]
        case .within: [IPTablesRule(.destinationIsLocal, target: .jump(between))]
        }
    }

    /// The chain in between, where there is one.
    func chains(to chain: IPTablesChainName, by between: IPTablesChainName) -> [IPTablesChain] {
        guard case .within(let ranges, _) = addresses else { return [] }
        return [
            IPTablesChain(
                between, label: "node addresses",
                [IPTablesRule(.destination(loopback), target: .return)]
                    + ranges.map { IPTablesRule(.destination($0), target: .goto(chain)) })
        ]
    }
}
