// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution

/// The filter table: refuses and drops what goes to a service and was not translated, which the nat table is not for.
struct FilterTable {
    let claims: Claims
    let serviceCIDRs: [Prefix]
    let node: NodePortEntrance
    let family: IPFamily

    var table: IPTablesTable {
        var table = IPTablesTable(.filter)
        for chain in IPTablesTable.Name.filter.builtInChains {
            table.jumps[chain] = IPTablesRule(.isNew, target: .jump(.unserved))
        }
        let addresses = addressChains
        let ports = closedPorts
        let entrance = ports.ways.isEmpty ? [] : node.rules(to: .closedPorts, by: .closedNodeAddresses)
        var unserved = [IPTablesRule(.isDNAT, target: .return)]
        if !addresses.isEmpty { unserved.append(IPTablesRule(target: .jump(.closed))) }
        unserved += entrance
        // Addresses that are the node's own are left alone, such as a node-local DNS cache on the ClusterIP of the DNS service.
        unserved.append(IPTablesRule(.destinationIsLocal, target: .return))
        if !claims.clusterIPs.isEmpty { unserved.append(IPTablesRule(target: .jump(.clusterIPs))) }
        // iptables-save leaves a match of all addresses out.
        unserved += serviceCIDRs.map { IPTablesRule($0.length == 0 ? [] : [.destination($0)], .drop) }
        table.chains = [IPTablesChain(.unserved, label: "what was not translated", unserved)] + addresses
        if !ports.ways.isEmpty {
            table.chains += node.chains(to: .closedPorts, by: .closedNodeAddresses)
            table.chains += ports.chains(.closedPorts, label: "node ports that lead nowhere")
        }
        if refusesUnlessNodePort {
            table.chains.append(
                IPTablesChain(
                    .refuseUnlessNodePort, label: "addresses that node ports may be served at",
                    entrance + [IPTablesRule(target: .goto(.refuse))]))
        }
        table.chains += clusterIPChains
        // TCP is refused by a reset, which is not subject to the kernel's rate limit on ICMP errors.
        table.chains.append(
            IPTablesChain(
                .refuse, label: "says that nobody is there",
                [
                    IPTablesRule(.transport(.tcp), target: .reject(withTCPReset: true)),
                    IPTablesRule(target: .reject(withTCPReset: false)),
                ]))
        return table
    }

    /// Other ports of ClusterIPs.
    private var clusterIPChains: [IPTablesChain] {
        guard !claims.clusterIPs.isEmpty else { return [] }
        return DispatchTree.addresses("filter ClusterIPs", label: "other ports of ClusterIPs", family, isSource: false)
            .chains(
                .clusterIPs,
                claims.clusterIPs.map {
                    DispatchTree.Entry(
                        Prefix($0), [IPTablesRule(.destination(Prefix($0)), target: .goto(.refuse))])
                })
    }

    private var refusesUnlessNodePort: Bool {
        claims.addresses.contains { !$0.isServed && $0.order.rank != .clusterIP && yields($0) }
    }

    /// Whether a node port of the same number may answer at the address instead.
    private func yields(_ claim: Claims.Claim) -> Bool { claim.address.map(node.mayHold) == true }

    /// Every address from outside, also where it is served: what is not translated, as between the commits of two tables, is
    /// not to pass. Of ClusterIPs those that lead nowhere.
    private var addressChains: [IPTablesChain] {
        var firewalls: [IPTablesChain] = []
        let ways = claims.addresses.compactMap { claim -> (claim: Claims.Claim, target: IPTablesTarget)? in
            let names = PortNames(port: claim.port)
            guard claim.order.rank != .clusterIP else {
                if !claim.isServed { return (claim, .goto(.refuse)) }
                return names.service == nil ? (claim, .drop) : nil
            }
            guard !claim.isServed else { return (claim, .drop) }
            let refusal = IPTablesTarget.goto(yields(claim) ? .refuseUnlessNodePort : .refuse)
            guard claim.hasSourceRanges, let address = claim.address else { return (claim, refusal) }
            firewalls += names.firewallChains(address, allowed: refusal, others: .drop)
            return (claim, .goto(names.firewall(of: address)))
        }
        guard !ways.isEmpty else { return [] }
        let (entries, chains) = AddressDispatch.entries(ways, key: "filter", label: "ports of")
        return DispatchTree.addresses("filter", label: "what must not pass to", family, isSource: false)
            .chains(.closed, entries) + chains + firewalls
    }

    /// Node ports of services without endpoints, and those whose policy keeps to this node, where there is none.
    private var closedPorts: PortDispatch {
        var ports = PortDispatch()
        for claim in claims.nodePorts {
            guard let number = claim.port.nodePort else { continue }
            if !claim.isServed {
                ports.append(claim.port.protocol, number, .goto(.refuse))
            } else if claim.port.externalPolicy == .local, claim.port.endpoints.local.isEmpty {
                ports.append(claim.port.protocol, number, .drop)
            }
        }
        return ports
    }
}
