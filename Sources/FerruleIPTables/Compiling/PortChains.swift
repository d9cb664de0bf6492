// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The names of the chains of one port of a service, which are the same in both tables.
struct PortNames {
    let port: ResolvedPort

    /// By which names are made: what another service port never has.
    var key: String { "\(port.family.rawValue) \(port.protocol.name) \(port.label)" }
    var label: String { port.label.asComment }

    /// Where the ClusterIP leads; nil where it leads nowhere.
    var service: IPTablesChainName? {
        let list = port.internalPolicy == .local ? port.endpoints.local : port.endpoints.cluster
        return port.endpoints.existAnywhere && !list.isEmpty ? IPTablesChainName(.service, key) : nil
    }

    /// Where node ports and external addresses lead; nil where the service has no endpoint.
    var external: IPTablesChainName? {
        port.endpoints.existAnywhere ? IPTablesChainName(.external, key) : nil
    }

    /// Where an address with source ranges leads.
    func firewall(of address: IPAddress) -> IPTablesChainName { IPTablesChainName(.firewall, "\(key) \(address)") }

    /// One of the endpoints of a list.
    func choice(_ list: TrafficPolicy) -> IPTablesChainName {
        IPTablesChainName(list == .local ? .local : .cluster, key)
    }

    /// Lets senders within the ranges go on.
    func firewallChains(
        _ address: IPAddress, allowed: IPTablesTarget, others: IPTablesTarget
    ) -> [IPTablesChain] {
        let tree = DispatchTree.addresses(
            "\(key) \(address) sources", label: "\(label), source ranges", port.family, isSource: true,
            otherwise: [IPTablesRule(target: others)])
        return tree.chains(
            firewall(of: address),
            (port.allowedSources ?? []).map { DispatchTree.Entry($0, [IPTablesRule(.source($0), target: allowed)]) })
    }
}

/// The chains of one port of a service in the nat table, made as far as something leads to them.
struct PortChains {
    let names: PortNames
    let pods: PodMatch
    let options: IPTablesOptions

    private var port: ResolvedPort { names.port }

    /// - Parameters:
    ///   - isReached: whether the ClusterIP is this service's.
    ///   - isReachedFromOutside: whether an external address or a node port is.
    func chains(isReached: Bool, isReachedFromOutside: Bool) -> [IPTablesChain] {
        var chains: [IPTablesChain] = []
        // A list that one chain leads to stands in it.
        if isReached, let service = names.service {
            let (rules, further) =
                isReachedFromOutside
                ? ([IPTablesRule(target: .goto(names.choice(port.internalPolicy)))], []) : choice(port.internalPolicy)
            chains.append(IPTablesChain(service, label: names.label, masquerading + rules))
            chains += further
        }
        guard isReachedFromOutside, let external = names.external else { return chains }
        chains.append(IPTablesChain(external, label: "\(names.label), from outside", externalRules))
        var lists: Set<TrafficPolicy> = [.cluster]
        if port.externalPolicy == .local, !port.endpoints.local.isEmpty { lists.insert(.local) }
        if isReached, names.service != nil { lists.insert(port.internalPolicy) }
        for list in TrafficPolicy.allCases where lists.contains(list) {
            let (rules, further) = choice(list)
            guard !rules.isEmpty else { continue }
            let words = list == .local ? "\(names.label), endpoints on this node" : "\(names.label), all endpoints"
            chains.append(IPTablesChain(names.choice(list), label: words, rules))
            chains += further
        }
        return chains
    }

    /// Answers to those that are no pods have to come back through this node.
    private var masquerading: [IPTablesRule] {
        options.masqueradeAll ? [IPTablesRule(target: .setMark(options.mark))] : pods.markOthers
    }

    private var externalRules: [IPTablesRule] {
        switch port.externalPolicy {
        case .cluster:
            [IPTablesRule(target: .setMark(options.mark)), IPTablesRule(target: .goto(names.choice(.cluster)))]
        // The source is kept, so only endpoints on this node may answer; but pods, and the node itself behind a
        // masquerade, are as good as inside the cluster. What may go nowhere is accepted, or it would be taken for a packet
        // to a node port: the filter drops it.
        case .local:
            pods.partInsiders(port.endpoints.cluster.isEmpty ? .accept : .goto(names.choice(.cluster)))
                + [IPTablesRule(target: port.endpoints.local.isEmpty ? .accept : .goto(names.choice(.local)))]
        }
    }
}

// MARK: - Endpoints

extension PortChains {
    /// The rules that lead to one of a list's endpoints, with the chains behind them.
    private func choice(_ list: TrafficPolicy) -> (rules: [IPTablesRule], branches: [IPTablesChain]) {
        let endpoints = endpoints(list)
        let choice = EndpointChoice(key: "\(names.key) \(list.rawValue)", label: names.label) { endpoint in
            // DNAT to a port has to name the protocol.
            let remember: [IPTablesMatch] =
                port.affinitySeconds == nil ? [] : [.recent(.set, list: clientList(list, endpoint))]
            return ([.transport(port.protocol)], remember, .dnat(to: endpoint))
        }
        let (rules, branches) = choice.rules(endpoints)
        return (recall(list) + rules, branches)
    }

    private func endpoints(_ list: TrafficPolicy) -> [Endpoint] {
        list == .local ? port.endpoints.local : port.endpoints.cluster
    }

    /// Leads clients to the endpoint that they had.
    ///
    /// The two lists remember clients apart, since who is kept to this node must not change what is remembered of traffic
    /// that is not. Each is asked before the other, whose endpoint is taken over where both have it.
    private func recall(_ list: TrafficPolicy) -> [IPTablesRule] {
        guard let seconds = port.affinitySeconds else { return [] }
        let other: TrafficPolicy = list == .local ? .cluster : .local
        let both = port.externalPolicy != port.internalPolicy || port.externalPolicy == .local
        let shared = both ? Set(port.endpoints.local).intersection(port.endpoints.cluster).sorted() : []
        return endpoints(list).map { endpoint in
            IPTablesRule(
                .transport(port.protocol), .recent(.update(seconds: seconds), list: clientList(list, endpoint)),
                target: .dnat(to: endpoint))
        }
            + shared.map { endpoint in
                IPTablesRule(
                    .transport(port.protocol), .recent(.check(seconds: seconds), list: clientList(other, endpoint)),
                    .recent(.set, list: clientList(list, endpoint)), target: .dnat(to: endpoint))
            }
    }

    /// The name of the list of clients that an endpoint has.
    private func clientList(_ list: TrafficPolicy, _ endpoint: Endpoint) -> String {
        IPTablesChainName(list == .local ? .local : .cluster, "\(names.key) \(endpoint)").text
    }
}

extension String {
    /// The same with nothing in it that a comment of iptables would have to quote.
    var asComment: String {
        String(
            map { character in
                character.isASCII && (character.isLetter || character.isNumber || "/:.-_".contains(character))
                    ? character : "?"
            })
    }
}
