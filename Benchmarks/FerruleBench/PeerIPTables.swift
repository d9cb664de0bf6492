// SPDX-License-Identifier: Apache-2.0

import FerruleIPTables
import FerruleNetwork
import FerruleRuleset

/// Services in the shape that kube-proxy gives them in its mode iptables: all addresses in one chain, one after the other; a
/// chain for each service, with the chance of each endpoint; and a chain for each endpoint.
struct PeerIPTables {
    private(set) var table = IPTablesTable(.nat)
    private let mark: Mark

    init(_ services: [PeerRuleset.Service], mark: Mark) {
        self.mark = mark
        let entrance = Self.name("SERVICES")
        let markMasquerade = Self.name("MARK-MASQ")
        let postrouting = Self.name("POSTROUTING")
        for chain in ["PREROUTING", "OUTPUT"] { table.jumps[chain] = IPTablesRule(target: .jump(entrance)) }
        table.jumps["POSTROUTING"] = IPTablesRule(target: .jump(postrouting))
        var (dispatch, chains): ([IPTablesRule], [IPTablesChain]) = ([], [])
        for (number, service) in services.enumerated() {
            guard let address = IPAddress(service.clusterIP), let port = UInt16(exactly: service.port) else { continue }
            let toService: [IPTablesMatch] = [
                .destination(Prefix(address)), .transport(.tcp), .destinationPorts(.tcp, port...port),
            ]
            let name = Self.name("SVC-\(Self.padded(number))")
            dispatch.append(IPTablesRule(toService, .jump(name)))
            let pods = Prefix("10.244.0.0/14").map { [IPTablesMatch.source($0, negated: true)] } ?? []
            var rules = [IPTablesRule(pods + toService, .jump(markMasquerade))]
            for (place, target) in service.endpoints.enumerated() {
                guard let pod = IPAddress(target.address), let podPort = Port(target.port) else { continue }
                let left = service.endpoints.count - place
                let endpoint = Self.name("SEP-\(Self.padded(number))\(Self.padded(place))")
                let chance: [IPTablesMatch] = left == 1 ? [] : [.random(UInt32((1 << 31) / left))]
                rules.append(IPTablesRule(chance, .jump(endpoint)))
                chains.append(
                    IPTablesChain(
                        endpoint, label: "endpoint",
                        [
                            IPTablesRule(.source(Prefix(pod)), target: .jump(markMasquerade)),
                            IPTablesRule(.transport(.tcp), target: .dnat(to: Endpoint(pod, podPort))),
                        ]))
            }
            chains.append(IPTablesChain(name, label: "service", rules))
        }
        table.chains =
            [
                IPTablesChain(entrance, label: "services", dispatch),
                IPTablesChain(markMasquerade, label: "mark", [IPTablesRule(target: .setMark(mark))]),
                IPTablesChain(
                    postrouting, label: "masquerade",
                    [
                        IPTablesRule(.mark(mark, negated: true), target: .return),
                        IPTablesRule(target: .clearMark(mark)), IPTablesRule(target: .masquerade),
                    ]),
            ] + chains
    }

    var ruleCount: Int { table.chains.reduce(0) { $0 + $1.rules.count } }

    /// What iptables-restore takes.
    var text: String {
        String(decoding: RestoreText.render(IPTablesRuleset(.ipv4, tables: [table]), Summary()), as: UTF8.self)
            .replacing(IPTablesChainName.prefix, with: "KUBE-")
    }

    private static func name(_ text: String) -> IPTablesChainName {
        guard let name = IPTablesChainName(saved: IPTablesChainName.prefix + text) else {
            preconditionFailure("it has the prefix")
        }
        return name
    }

    private static func padded(_ number: Int) -> String { String(String(number + 100_000).suffix(5)) }
}
