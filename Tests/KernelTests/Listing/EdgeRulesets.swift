// SPDX-License-Identifier: Apache-2.0

import FerruleNFTText
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

/// Rulesets made by hand, with everything that the model can say and the compiler says rarely.
struct EdgeRulesets: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let ruleset: Ruleset

    static let all = IPFamily.allCases.flatMap { family in
        [
            EdgeRulesets("every statement", family, sets: sets(family), chains: chains(family)),
            EdgeRulesets("no set has elements", family, sets: sets(family).map(\.emptied), chains: chains(family)),
            EdgeRulesets("all addresses", family, sets: [ranges("anywhere", family == .ipv4 ? "0.0.0.0/0" : "::/0")]),
            EdgeRulesets("every base chain", family, sets: [], chains: baseChains),
        ]
    }

    var text: String { String(decoding: RulesetRenderer().render(ruleset), as: UTF8.self) }

    private init(_ name: String, _ family: IPFamily, sets: [SetDefinition], chains: [Chain] = [end]) {
        testDescription = "\(name) (\(family.rawValue))"
        ruleset = Ruleset(
            tables: [Table(TableName(family, "ferrule"), sets: sets, chains: chains)], summary: Summary())
    }

    /// Of each type, at its hooks, with both policies.
    private static let baseChains: [Chain] = {
        let hooks: [(BaseChain.Kind, [BaseChain.Hook])] = [
            (.nat, [.prerouting, .input, .output, .postrouting]),
            (.filter, [.prerouting, .input, .forward, .output, .postrouting]), (.route, [.output]),
        ]
        return hooks.flatMap { kind, hooks in
            hooks.flatMap { hook in
                [BaseChain.Policy.accept, .drop].map { policy in
                    let base = BaseChain(kind, hook, priority: kind == .nat ? -100 : -3, policy: policy)
                    let name = "\(kind.rawValue)-\(hook.name)-\(policy.name)-of-mine"
                    return Chain(named: ChainName(name), base: base, rules: [Rule(.verdict(.accept))])
                }
            }
        }
    }()

    private static let end = Chain(named: ChainName("end"), rules: [Rule(.verdict(.drop))])

    private static func ranges(_ name: String, _ texts: String...) -> SetDefinition {
        SetDefinition(
            named: SetName(name), key: [.address], kind: .interval,
            elements: texts.compactMap { Prefix($0) }.sorted().map { Element(.prefix($0)) })
    }

    private static func sets(_ family: IPFamily) -> [SetDefinition] {
        let one = address(family == .ipv4 ? "10.96.0.1" : "fd00:10:96::1")
        let end = Verdict.goto(ChainName("end"))
        let comments = [
            "plain", "it's a back\\slash", "na\u{ef}ve \"\u{1b}\n", String(repeating: "x", count: 300),
            "x" + String(repeating: "é", count: 100), "",
        ]
        let service: [SetDefinition.DataType] = [.address, .transportProtocol, .port]
        return [
            SetDefinition(
                named: SetName("services"), key: service, value: .verdict, size: 1024,
                elements: comments.enumerated().map { number, comment in
                    Element(.service(one, .tcp, port(80 + number)), .verdict(end), comment: comment)
                } + [
                    Element(.service(one, .tcp, port(65535)), .verdict(.accept)),
                    Element(.service(one, .udp, port(1)), .verdict(.drop)),
                    Element(.service(one, .sctp, port(256)), .verdict(.jump(ChainName("end")))),
                ]),
            SetDefinition(
                named: SetName("nodeports"), key: [.transportProtocol, .port], value: .verdict,
                elements: [Element(.port(.sctp, port(30000)), .verdict(end), comment: "default/web")]),
            SetDefinition(named: SetName("addresses"), key: [.address], elements: [Element(.address(one))]),
            SetDefinition(named: SetName("hairpin"), key: [.address, .address], elements: [Element(.hairpin(one))]),
            SetDefinition(
                named: SetName("endpoints"), key: service, value: .data([.address, .port]),
                elements: [Element(.service(one, .udp, port(53)), .data(.endpoint(one, port(5353))))]),
            SetDefinition(
                named: SetName("parts"), key: service, value: .data([.address]),
                elements: [
                    Element(
                        .service(one, .tcp, port(80)), .data(.address(address(family == .ipv4 ? "0.0.0.1" : "100::1")))),
                    Element(.service(one, .udp, port(53)), .data(.address(one))),
                ]),
            SetDefinition(
                named: SetName("nodeport-parts"), key: [.transportProtocol, .port], value: .data([.address]),
                elements: [Element(.port(.sctp, port(30000)), .data(.address(one)))]),
            family == .ipv4
                ? ranges(
                    "ranges", "0.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "10.0.3.0/24", "10.0.4.4/32",
                    "255.0.0.0/8")
                : ranges(
                    "ranges", "::/8", "fd00::/64", "fd00:0:0:1::/64", "fd00:0:0:3::/64", "fd01::1/128",
                    "ff00::/8"),
            SetDefinition(
                named: SetName("source-ranges"), key: service + [.address], kind: .interval,
                elements: (family == .ipv4 ? ["10.0.0.0/25", "192.0.2.1/32"] : ["fd00::/33", "fd01::1/128"])
                    .compactMap { Prefix($0) }.map { Element(.serviceSource(one, .udp, port(53), $0)) }),
            family == .ipv4 ? ranges("inner", "10.0.0.0/9", "10.128.0.0/9") : ranges("inner", "fd00::/9", "fd80::/9"),
        ]
    }

    private static func chains(_ family: IPFamily) -> [Chain] {
        let service: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
        let nodePort: [Field] = [.transportProtocol, .destinationPort]
        let marks = [0, 14, 31].compactMap { Mark(bit: $0) }
        let verdicts: [Verdict] = [.drop, .accept, .goto(ChainName("end")), .jump(ChainName("end"))]
        let rules = [
            Rule(.lookup([.sourceAddress], SetName("ranges"), negated: true), .verdict(.accept)),
            Rule(.lookup([.destinationAddress], SetName("inner"), negated: false), .verdict(.drop)),
            Rule(.lookup([.sourceAddress, .destinationAddress], SetName("hairpin"), negated: false), .masquerade),
            Rule(.lookup([.sourceAddress, .destinationAddress], SetName("hairpin"), negated: true), .masquerade),
            Rule(.lookup(service + [.sourceAddress], SetName("source-ranges"), negated: true), .verdict(.drop)),
            Rule(.lookup(service + [.sourceAddress], SetName("source-ranges"), negated: false), .verdict(.accept)),
            Rule(.verdictMap(service, SetName("services"))),
            Rule(.verdictMap(nodePort, SetName("nodeports"))),
            Rule(.isLocal(.source, negated: false), .verdict(.drop)),
            Rule(.isLocal(.source, negated: true), .isLocal(.destination, negated: true), .verdict(.drop)),
            Rule(.isLocal(.destination, negated: false), .isNotLoopback, .verdictMap(nodePort, SetName("nodeports"))),
            Rule(.isDNAT, .masquerade),
            Rule(.transportProtocol(.tcp), .reject(withTCPReset: true)),
            Rule(.transportProtocol(.udp), .reject(withTCPReset: false)),
            Rule(.transportProtocol(.sctp), .verdict(.jump(ChainName("end")))),
        ]
        return [
            end,
            Chain(
                named: ChainName("translate"),
                rules: [
                    Rule(.dnat(service, SetName("endpoints"))),
                    Rule(.setDestination(service, SetName("parts")), .verdict(.goto(ChainName("end")))),
                    Rule(.setDestination(nodePort, SetName("nodeport-parts"))),
                ]),
            Chain(named: ChainName("spread"), rules: (1...4).map { Rule(.numgen(Array(verdicts.prefix($0)))) }),
            Chain(
                named: ChainName("marks"),
                rules: marks.flatMap { mark in
                    [Rule(.hasMark(mark), .verdict(.accept)), Rule(.setMark(mark)), Rule(.xorMark(mark))]
                }),
            Chain(
                named: ChainName("in"), base: BaseChain(.nat, .prerouting, priority: BaseChain.destinationNAT),
                rules: []),
            Chain(
                named: ChainName("local"), base: BaseChain(.nat, .output, priority: BaseChain.destinationNAT), rules: []
            ),
            Chain(named: ChainName("own"), base: BaseChain(.nat, .input, priority: 150), rules: []),
            Chain(
                named: ChainName("out"), base: BaseChain(.nat, .postrouting, priority: BaseChain.sourceNAT),
                rules: rules.filter(\.isForPostrouting)),
            Chain(named: ChainName("rest"), rules: rules.filter { !$0.isForPostrouting }),
        ]
    }
}

extension SetDefinition {
    fileprivate var emptied: SetDefinition {
        var copy = self
        copy.elements = []
        return copy
    }
}

extension Rule {
    /// The kernel takes `masquerade` only where sources can be rewritten.
    fileprivate var isForPostrouting: Bool { statements.contains(.masquerade) }
}
