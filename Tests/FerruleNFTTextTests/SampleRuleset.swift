// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

/// A small ruleset of the shape that the compiler makes: a service with two endpoints, one without any, a node port,
/// and the chains that every ruleset has.
struct SampleRuleset {
    let family: IPFamily

    var ruleset: Ruleset {
        get throws {
            var summary = Summary()
            (summary.services, summary.endpoints, summary.headless, summary.externalNames) = (2, 2, 2, 1)
            return Ruleset(
                tables: [Table(TableName(family, "ferrule"), sets: try maps + sets, chains: try chains)],
                summary: summary)
        }
    }

    /// The address with a host number, in the range of cluster IPs or in that of pods.
    func clusterIP(_ host: Int) throws -> IPAddress {
        try #require(IPAddress(family == .ipv4 ? "10.96.0.\(host)" : "fd00:10:96::\(host)"))
    }

    func pod(_ host: Int) throws -> IPAddress {
        try #require(IPAddress(family == .ipv4 ? "10.244.0.\(host)" : "fd00:10:244::\(host)"))
    }

    private var virtualAddress: [Field] { [.destinationAddress, .transportProtocol, .destinationPort] }
    private var portKey: [Field] { [.transportProtocol, .destinationPort] }

    private var maps: [SetDefinition] {
        get throws {
            let (http, pods, node) = (try #require(Port(80)), try #require(Port(8080)), try #require(Port(30080)))
            let web = "shop/web:http"
            let (slot, nodeSlot) = (ElementKey.service(try clusterIP(10), .tcp, http), ElementKey.port(.tcp, node))
            let key = [SetDefinition.DataType.address, .transportProtocol, .port]
            func target(_ host: Int) throws -> ElementValue { .data(.endpoint(try pod(host), pods)) }
            return [
                SetDefinition(
                    "services", key: key, value: .verdict, size: 16384,
                    elements: [
                        Element(slot, .verdict(.goto(ChainName("lb-2"))), comment: web),
                        Element(
                            .service(try clusterIP(200), .udp, try #require(Port(5060))),
                            .verdict(.goto(ChainName("refuse"))), comment: "shop/phone:sip"),
                        Element(.service(try clusterIP(201), .sctp, try #require(Port(9))), .verdict(.drop)),
                    ]),
                SetDefinition(
                    "nodeports", key: [.transportProtocol, .port], value: .verdict,
                    elements: [Element(nodeSlot, .verdict(.goto(ChainName("nodeport-external-2"))), comment: web)]),
                SetDefinition(
                    "endpoints-0", key: key, value: .data([.address, .port]), elements: [Element(slot, try target(6))]),
                SetDefinition(
                    "endpoints-1", key: key, value: .data([.address, .port]), elements: [Element(slot, try target(7))]),
                SetDefinition(
                    "nodeport-endpoints-0", key: [.transportProtocol, .port], value: .data([.address, .port]),
                    elements: [Element(nodeSlot, try target(6))]),
                SetDefinition(
                    "nodeport-endpoints-1", key: [.transportProtocol, .port], value: .data([.address, .port]),
                    elements: [Element(nodeSlot, try target(7))]),
            ]
        }
    }

    private var sets: [SetDefinition] {
        get throws {
            let pods = try #require(Prefix(try pod(0), length: family == .ipv4 ? 16 : 48))
            return [
                SetDefinition(
                    "cluster-ips", key: [.address],
                    elements: try [10, 200].map { Element(.address(try clusterIP($0))) }),
                SetDefinition("service-cidrs", key: [.address], kind: .interval),
                SetDefinition("pod-cidrs", key: [.address], kind: .interval, elements: [Element(.prefix(pods))]),
                SetDefinition("hairpin", key: [.address, .address], elements: [Element(.hairpin(try pod(6)))]),
                SetDefinition("nodeport-addresses", key: [.address]),
            ]
        }
    }

    private var chains: [Chain] {
        get throws {
            let mark = try #require(Mark(bit: 14))
            let slots = [0, 1].flatMap { slot in
                [("", virtualAddress), ("nodeport-", portKey)].map { prefix, key in
                    Chain(
                        named: ChainName("\(prefix)slot-\(slot)"),
                        rules: [
                            Rule(.dnat(key, SetName("\(prefix)endpoints-\(slot)"))),
                            Rule(.verdict(slot == 0 ? .drop : .goto(ChainName("\(prefix)slot-0")))),
                        ])
                }
            }
            let shapes = ["", "nodeport-"].map { prefix in
                Chain(
                    named: ChainName("\(prefix)lb-2"),
                    rules: [Rule(.numgen([0, 1].map { .goto(ChainName("\(prefix)slot-\($0)")) }))])
            }
            let external = Chain(
                named: ChainName("nodeport-external-2"),
                rules: [Rule(.setMark(mark)), Rule(.verdict(.goto(ChainName("nodeport-lb-2"))))])
            return slots + shapes + [external] + fixedChains(mark) + baseChains(mark)
        }
    }

    private func fixedChains(_ mark: Mark) -> [Chain] {
        let clusterIPs = Statement.lookup([.destinationAddress], SetName("cluster-ips"), negated: false)
        let elsewhere = Statement.isLocal(.destination, negated: true)
        let nodeAddress = Statement.lookup([.destinationAddress], SetName("nodeport-addresses"), negated: false)
        return [
            Chain(
                named: ChainName("refuse"),
                rules: [
                    Rule(.transportProtocol(.tcp), .reject(withTCPReset: true)), Rule(.reject(withTCPReset: false)),
                ]),
            Chain(
                named: ChainName("unserved"),
                rules: [
                    Rule(clusterIPs, elsewhere, .verdict(.goto(ChainName("refuse")))),
                    Rule(
                        .lookup([.destinationAddress], SetName("service-cidrs"), negated: false), elsewhere,
                        .verdict(.drop)),
                ]),
            Chain(
                named: ChainName("dispatch"),
                rules: [
                    Rule(.lookup([.sourceAddress], SetName("pod-cidrs"), negated: true), clusterIPs, .setMark(mark)),
                    Rule(.verdictMap(virtualAddress, SetName("services"))),
                    Rule(nodeAddress, .verdictMap(portKey, SetName("nodeports"))),
                    Rule(
                        .isLocal(.destination, negated: false), .isNotLoopback,
                        .verdictMap(portKey, SetName("nodeports"))),
                    Rule(.verdict(.goto(ChainName("unserved")))),
                ]),
        ]
    }

    private func baseChains(_ mark: Mark) -> [Chain] {
        let toDispatch = [Rule(.verdict(.jump(ChainName("dispatch"))))]
        return [
            Chain(
                named: ChainName("nat-prerouting"),
                base: BaseChain(.nat, .prerouting, priority: BaseChain.destinationNAT), rules: toDispatch),
            Chain(
                named: ChainName("nat-output"), base: BaseChain(.nat, .output, priority: BaseChain.destinationNAT),
                rules: toDispatch),
            Chain(
                named: ChainName("nat-postrouting"), base: BaseChain(.nat, .postrouting, priority: BaseChain.sourceNAT),
                rules: [
                    Rule(.hasMark(mark), .xorMark(mark), .masquerade),
                    Rule(
                        .isDNAT,
                        .lookup([.sourceAddress, .destinationAddress], SetName("hairpin"), negated: false),
                        .masquerade),
                ]),
        ]
    }
}

extension SetDefinition {
    /// The designated initializer with a plain name.
    fileprivate init(
        _ name: String, key: [DataType], value: ValueType? = nil, kind: Kind = .plain, size: Int? = nil,
        elements: [Element] = []
    ) {
        self.init(named: SetName(name), key: key, value: value, kind: kind, size: size, elements: elements)
    }
}
