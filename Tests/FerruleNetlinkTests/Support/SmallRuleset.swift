// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

@testable import FerruleNetlink

/// A table with a set or map of each kind that is listed in its own way, and rules of some kinds.
enum SmallRuleset {
    static let name = TableName(.ipv4, "ferrule")

    /// - Parameter count: how many services there are.
    static func table(services count: Int = 3) -> Table {
        let services = SetDefinition(
            named: SetName("services"), key: [.address, .transportProtocol, .port], value: .verdict,
            elements: (0..<count).compactMap { number in
                Port(80 + number).map { port in
                    Element(
                        .service(IPAddress(ipv4: 0x0a60_0001), .tcp, port), .verdict(.goto(ChainName("lb-2"))),
                        comment: "shop/web:\(number)")
                }
            })
        let ranges = SetDefinition(
            named: SetName("ranges"), key: [.address], kind: .interval,
            elements: ["10.0.0.0/8", "192.0.2.0/24"].compactMap { Prefix($0) }.map { Element(.prefix($0)) })
        return Table(
            name, sets: [services, ranges],
            chains: [
                Chain(.record, rules: []), Chain(named: ChainName("slot-0"), rules: [Rule(.verdict(.drop))]),
                Chain(named: ChainName("slot-1"), rules: [Rule(.masquerade)]),
                Chain(
                    named: ChainName("lb-2"),
                    rules: [Rule(.numgen([.goto(ChainName("slot-0")), .goto(ChainName("slot-1"))]))]),
                Chain(
                    named: ChainName("nat-prerouting"), base: BaseChain(.nat, .prerouting, priority: -100),
                    rules: [
                        Rule(
                            .verdictMap(
                                [.destinationAddress, .transportProtocol, .destinationPort], SetName("services")))
                    ]),
            ])
    }

    static let ruleset = Ruleset(tables: [table()], summary: Summary())

    /// What another transaction would add.
    static let addition = Transaction([.addElements(name, table(services: 5).sets[0])])
}

extension MemoryNetfilter {
    /// Puts the ruleset there, as a transaction that replaces what stands.
    func fill() throws(NetlinkError) -> Self {
        try kernel.apply(.replacing(with: SmallRuleset.ruleset, provenance: nil))
        return self
    }

    func read() throws(NetlinkError) -> KernelState { try kernel.read([SmallRuleset.name]) }
}
