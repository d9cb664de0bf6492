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
