// SPDX-License-Identifier: Apache-2.0

/// New connections through Ferrule's ruleset against kube-proxy's for the same services, and against the least that a
/// translation costs.
struct ConnectionsPart: MeasuredPart {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func run() throws -> Section {
        var peer = try PeerRuleset.read(bench)
        if bench.isSmoke { peer = peer.cut(to: 100) }
        var services = peer.services
        // As many as the range of node ports holds at most.
        for index in services.indices.prefix(2_500) {
            services[index].nodePort = 30_000 + index
            peer.addNodePort(30_000 + index, to: services[index])
        }
        peer.replaceElements(of: "set nodeport-ips", by: [ForwardingNode.address])
        let large = PeerRuleset.Service(
            clusterIP: "10.111.0.1", port: 80, chain: "service-LARGE000-bench/large/tcp/http",
            endpoints: (0..<1000).map { ("10.247.\($0 / 250).\(1 + $0 % 250)", 8080) })
        var sticky = PeerRuleset.Service(
            clusterIP: "10.111.0.2", port: 80, chain: "service-STICKY00-bench/sticky/tcp/http",
            endpoints: (0..<10).map { ("10.247.9.\(1 + $0)", 8080) })
        sticky.isSticky = true
        for service in [large, sticky] {
            peer.add(service)
            services.append(service)
        }
        let path = bench.path("connections.nft")
        try peer.write(to: path)
        let costs = try bench.measure(
            ConnectionRun(
                peerPath: path, services: services.map(ConnectionService.init), bursts: bench.isSmoke ? 4 : 100,
                packetsPerBurst: bench.isSmoke ? 50 : 1_000))
        return Section(details: details(costs), limits: costs.map(limit) + costs.flatMap(leastLimits))
    }

    private func details(_ costs: [ConnectionCosts]) -> String {
        var table = TextTable([
            "ns a first packet (lower quartile / median)", "Ferrule", "", "kube-proxy", "", "plain", "",
        ])
        for cost in costs {
            table.add(
                [cost.way.rawValue]
                    + [cost.own, cost.peer, cost.plain].flatMap { times in
                        [lowerQuartile(times), median(times)].map { String(Int($0)) }
                    })
        }
        return table.text
    }

    private func limit(_ cost: ConnectionCosts) -> Limit {
        Limit(
            "new connection, \(cost.way.rawValue), Ferrule / kube-proxy",
            lowerQuartile(cost.own) / lowerQuartile(cost.peer),
            "x", .atMost(1.05))
    }

    /// How near either is to the limit of the packet path.
    private func leastLimits(_ cost: ConnectionCosts) -> [Limit] {
        guard [.clusterIP, .nodePort].contains(cost.way) else { return [] }
        return [("Ferrule", cost.own), ("kube-proxy", cost.peer)].map { name, times in
            Limit(
                "\(cost.way.rawValue), \(name) / one plain rule", lowerQuartile(times) / lowerQuartile(cost.plain), "x")
        }
    }
}
