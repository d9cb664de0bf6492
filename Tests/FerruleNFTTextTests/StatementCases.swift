// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

/// A statement and what it is in each format; `IP` stands for `ip` or `ip6`.
struct StatementCase: Sendable, CustomTestStringConvertible {
    let statement: Statement
    let text: String
    let json: String

    var testDescription: String { text }

    static let all: [StatementCase] = keyed + packets + actions

    private static let address = #"{"payload": {"protocol": "IP", "field": "daddr"}}"#
    private static let source = #"{"payload": {"protocol": "IP", "field": "saddr"}}"#
    private static let protocolAndPort =
        #"{"meta": {"key": "l4proto"}}, {"payload": {"protocol": "th", "field": "dport"}}"#
    private static let marked = #"[{"meta": {"key": "mark"}}, 16384]"#
    private static let mark = Mark(bit: 14)

    private static let keyed: [StatementCase] = [
        StatementCase(
            statement: .lookup([.destinationAddress], SetName("cluster-ips"), negated: false),
            text: "IP daddr @cluster-ips",
            json: #"{"match": {"op": "==", "left": \#(address), "right": "@cluster-ips"}}"#),
        StatementCase(
            statement: .lookup([.sourceAddress, .destinationAddress], SetName("hairpin"), negated: true),
            text: "IP saddr . IP daddr != @hairpin",
            json: #"{"match": {"op": "!=", "left": {"concat": [\#(source), \#(address)]}, "right": "@hairpin"}}"#),
        StatementCase(
            statement: .lookup(
                [.destinationAddress, .transportProtocol, .destinationPort, .sourceAddress], SetName("source-ranges"),
                negated: true),
            text: "IP daddr . meta l4proto . th dport . IP saddr != @source-ranges",
            json: #"{"match": {"op": "!=", "left": {"concat": [\#(address), \#(protocolAndPort), \#(source)]}, "#
                + #""right": "@source-ranges"}}"#),
        StatementCase(
            statement: .verdictMap([.destinationAddress, .transportProtocol, .destinationPort], SetName("services")),
            text: "IP daddr . meta l4proto . th dport vmap @services",
            json: #"{"vmap": {"key": {"concat": [\#(address), \#(protocolAndPort)]}, "data": "@services"}}"#),
        StatementCase(
            statement: .dnat([.transportProtocol, .destinationPort], SetName("nodeport-endpoints-0")),
            text: "dnat IP to meta l4proto . th dport map @nodeport-endpoints-0",
            json: #"{"dnat": {"family": "IP", "addr": {"map": {"key": {"concat": [\#(protocolAndPort)]}, "#
                + #""data": "@nodeport-endpoints-0"}}}}"#),
        StatementCase(
            statement: .setDestination(
                [.destinationAddress, .transportProtocol, .destinationPort], SetName("parts-3")),
            text: "IP daddr set IP daddr . meta l4proto . th dport map @parts-3",
            json: #"{"mangle": {"key": \#(address), "value": {"map": {"key": {"concat": [\#(address), "#
                + #"\#(protocolAndPort)]}, "data": "@parts-3"}}}}"#),
        StatementCase(
            statement: .setDestination([.transportProtocol, .destinationPort], SetName("nodeport-parts-3")),
            text: "IP daddr set meta l4proto . th dport map @nodeport-parts-3",
            json: #"{"mangle": {"key": \#(address), "value": {"map": {"key": {"concat": [\#(protocolAndPort)]}, "#
                + #""data": "@nodeport-parts-3"}}}}"#),
    ]

    private static let packets: [StatementCase] =
        [
            StatementCase(
                statement: .transportProtocol(.sctp), text: "meta l4proto sctp",
                json: #"{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "sctp"}}"#),
            StatementCase(
                statement: .isLocal(.source, negated: false), text: "fib saddr type local",
                json: #"{"match": {"op": "==", "left": {"fib": {"result": "type", "flags": ["saddr"]}}, "#
                    + #""right": "local"}}"#),
            StatementCase(
                statement: .isLocal(.destination, negated: true), text: "fib daddr type != local",
                json: #"{"match": {"op": "!=", "left": {"fib": {"result": "type", "flags": ["daddr"]}}, "#
                    + #""right": "local"}}"#),
            StatementCase(
                statement: .isDNAT, text: "ct status dnat",
                json: #"{"match": {"op": "in", "left": {"ct": {"key": "status"}}, "right": "dnat"}}"#),
        ]
        + marks

    private static let marks: [StatementCase] =
        mark.map { mark in
            [
                StatementCase(
                    statement: .hasMark(mark), text: "meta mark & 0x00004000 != 0",
                    json: #"{"match": {"op": "!=", "left": {"&": \#(marked)}, "right": 0}}"#),
                StatementCase(
                    statement: .setMark(mark), text: "meta mark set meta mark | 0x00004000",
                    json: #"{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"|": \#(marked)}}}"#),
                StatementCase(
                    statement: .xorMark(mark), text: "meta mark set meta mark ^ 0x00004000",
                    json: #"{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"^": \#(marked)}}}"#),
            ]
        } ?? []

    private static let actions: [StatementCase] = [
        StatementCase(
            statement: .numgen([.goto(ChainName("slot-0")), .drop]),
            text: "numgen random mod 2 vmap { 0 : goto slot-0, 1 : drop }",
            json: #"{"vmap": {"key": {"numgen": {"mode": "random", "mod": 2, "offset": 0}}, "#
                + #""data": {"set": [[0, {"goto": {"target": "slot-0"}}], [1, {"drop": null}]]}}}"#),
        StatementCase(
            statement: .masquerade, text: "masquerade fully-random", json: #"{"masquerade": {"flags": "fully-random"}}"#
        ),
        StatementCase(
            statement: .reject(withTCPReset: true), text: "reject with tcp reset",
            json: #"{"reject": {"type": "tcp reset"}}"#),
        StatementCase(statement: .reject(withTCPReset: false), text: "reject", json: #"{"reject": null}"#),
        StatementCase(statement: .verdict(.accept), text: "accept", json: #"{"accept": null}"#),
        StatementCase(statement: .verdict(.drop), text: "drop", json: #"{"drop": null}"#),
        StatementCase(
            statement: .verdict(.goto(ChainName("lb-3"))), text: "goto lb-3", json: #"{"goto": {"target": "lb-3"}}"#),
        StatementCase(
            statement: .verdict(.jump(ChainName("dispatch"))), text: "jump dispatch",
            json: #"{"jump": {"target": "dispatch"}}"#),
    ]
}
