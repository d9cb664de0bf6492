// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The nat table: finds the service of a packet, translates it, and masquerades what has to come back through this node.
struct NATTable {
    let claims: Claims
    let node: NodePortEntrance
    let pods: PodMatch
    let family: IPFamily
    let options: IPTablesOptions

    var table: IPTablesTable {
        var table = IPTablesTable(.nat)
        for chain in ["PREROUTING", "OUTPUT"] { table.jumps[chain] = IPTablesRule(target: .jump(.services)) }
        table.jumps["POSTROUTING"] = IPTablesRule(target: .jump(.postrouting))
        let addresses = addressChains
        let ports = portChains
        var services: [IPTablesRule] = []
        if !addresses.isEmpty { services.append(IPTablesRule(target: .jump(.addresses))) }
        if !claims.nodePorts.isEmpty { services += node.rules(to: .nodePorts, by: .nodeAddresses) }
        if services.isEmpty { services = [IPTablesRule(target: .return)] }
        table.chains = [IPTablesChain(.services, label: "services", services)] + addresses
        if !claims.nodePorts.isEmpty {
            table.chains += node.chains(to: .nodePorts, by: .nodeAddresses) + nodePortChains
        }
        table.chains += ports + pods.chains.filter { _ in usesMarkOthers(ports) } + postroutingChains
        return table
    }

    private func usesMarkOthers(_ chains: [IPTablesChain]) -> Bool {
        chains.contains { $0.rules.contains { $0.target?.chain == .markOthers } }
    }

    /// Finds virtual addresses; what it does not find comes back.
    private var addressChains: [IPTablesChain] {
        let entries = AddressDispatch.entries(
            claims.addresses.compactMap { claim in target(of: claim).map { (claim, $0) } },
            key: "nat", label: "ports of")
        guard !entries.entries.isEmpty else { return [] }
        return DispatchTree.addresses("nat", label: "addresses", family, isSource: false)
            .chains(.addresses, entries.entries) + entries.chains
    }

    /// What the nat table does with what goes to an address; nil for nothing.
    private func target(of claim: Claims.Claim) -> IPTablesTarget? {
        guard let address = claim.address else { return nil }
        let names = PortNames(port: claim.port)
        if claim.hasSourceRanges { return .goto(names.firewall(of: address)) }
        let chain = claim.order.rank == .clusterIP ? names.service : names.external
        if let chain { return .goto(chain) }
        // Refused or dropped by the filter; but a node port of the same number is not to take what goes to a ClusterIP.
        return claim.order.rank == .clusterIP && node.mayHold(address) ? .accept : nil
    }

    private var nodePortChains: [IPTablesChain] {
        var ports = PortDispatch()
        for claim in claims.nodePorts {
            guard let number = claim.port.nodePort, let chain = PortNames(port: claim.port).external else { continue }
            ports.append(claim.port.protocol, number, .goto(chain))
        }
        return ports.ways.isEmpty
            ? [IPTablesChain(.nodePorts, label: "node ports", [IPTablesRule(target: .return)])]
            : ports.chains(.nodePorts, label: "node ports")
    }

    /// The chains of all service ports, in their order.
    private var portChains: [IPTablesChain] {
        struct Place: Hashable {
            let service: ObjectKey
            let port: Int
        }
        let all = claims.addresses + claims.nodePorts
        let groups = Dictionary(grouping: all) { Place(service: $0.order.service, port: $0.order.port) }
        let inOrder = groups.sorted { ($0.key.service, $0.key.port) < ($1.key.service, $1.key.port) }
        return inOrder.flatMap { _, group in group.first.map { chains(of: $0.port, for: group) } ?? [] }
    }

    /// - Parameter claims: those that the service port has won.
    private func chains(of port: ResolvedPort, for claims: [Claims.Claim]) -> [IPTablesChain] {
        let names = PortNames(port: port)
        let ranks = Set(claims.map(\.order.rank))
        let chains = PortChains(names: names, pods: pods, options: options)
        // Without endpoints a node port may answer at one of the node's own addresses.
        let allowed = names.external.map { IPTablesTarget.goto($0) } ?? .return
        return chains.chains(
            isReached: ranks.contains(.clusterIP), isReachedFromOutside: !ranks.subtracting([.clusterIP]).isEmpty)
            + claims.filter(\.hasSourceRanges).compactMap(\.address).flatMap {
                names.firewallChains($0, allowed: allowed, others: .accept)
            }
    }

    private var postroutingChains: [IPTablesChain] {
        let mark = options.mark
        var rules = [IPTablesRule(.mark(mark, negated: false), target: .jump(.masquerade))]
        let hairpins = claims.localEndpoints.map { address in
            let prefix = Prefix(address)
            return DispatchTree.Entry(
                prefix, [IPTablesRule(.source(prefix), .destination(prefix), target: .masquerade)])
        }
        if !hairpins.isEmpty { rules.append(IPTablesRule(.isDNAT, target: .jump(.hairpin))) }
        let tree = DispatchTree.addresses("hairpin", label: "pods that reach themselves", family, isSource: false)
        return [
            IPTablesChain(.postrouting, label: "masquerading", rules),
            IPTablesChain(
                .masquerade, label: "what is marked",
                [IPTablesRule(target: .clearMark(mark)), IPTablesRule(target: .masquerade)]),
        ] + (hairpins.isEmpty ? [] : tree.chains(.hairpin, hairpins))
    }
}
