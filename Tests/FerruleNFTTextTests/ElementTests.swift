// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

@Suite("Sets and elements")
struct ElementTests {
    private let web: Element
    private let dns: Element

    init() throws {
        web = Element(
            .service(try #require(IPAddress("10.96.0.10")), .tcp, try #require(Port(80))),
            .verdict(.goto(ChainName("lb-2"))), comment: "shop/web:http")
        dns = Element(
            .service(try #require(IPAddress("10.96.100.200")), .sctp, try #require(Port(5353))), .verdict(.drop))
    }

    @Test("Elements stand in columns, one a line, without blanks at the end")
    func alignsColumns() {
        let text = Rendering.text(Rendering.ruleset(.ipv4, sets: [services([web, dns])]))
        #expect(
            text.contains(
                """
                \tmap services {
                \t\ttype ipv4_addr . inet_proto . inet_service : verdict
                \t\tsize 16384
                \t\telements = {
                \t\t\t10.96.0.10 . tcp . 80        comment "shop/web:http" : goto lb-2,
                \t\t\t10.96.100.200 . sctp . 5353                          : drop,
                \t\t}
                \t}

                """))
        #expect(!text.contains(" \n"))
    }

    @Test("Elements in JSON are pairs of key and value, one a line")
    func rendersPairs() {
        let json = Rendering.json(Rendering.ruleset(.ipv4, sets: [services([web, dns])]))
        #expect(
            json.contains(
                #"""
                {"add": {"map": {"family": "ip", "table": "ferrule", "name": "services", \#
                "type": ["ipv4_addr", "inet_proto", "inet_service"], "map": "verdict", "size": 16384, "elem": [
                  [{"elem": {"val": {"concat": ["10.96.0.10", "tcp", 80]}, "comment": "shop/web:http"}}, \#
                {"goto": {"target": "lb-2"}}],
                  [{"concat": ["10.96.100.200", "sctp", 5353]}, {"drop": null}]
                ]}}}
                """#))
    }

    struct KeyCase: Sendable, CustomTestStringConvertible {
        let type: [SetDefinition.DataType]
        let element: Element
        let text: String
        let json: String

        var testDescription: String { text }
    }

    static let keys: [KeyCase] = {
        guard let address = IPAddress("fd00:10:96::a"), let pod = IPAddress("fd00::1"), let port = Port(30001) else {
            return []
        }
        return [
            KeyCase(
                type: [.address], element: Element(.address(address)), text: "fd00:10:96::a,", json: #""fd00:10:96::a""#
            ),
            KeyCase(
                type: [.address, .address], element: Element(.hairpin(pod)), text: "fd00::1 . fd00::1,",
                json: #"{"concat": ["fd00::1", "fd00::1"]}"#),
            KeyCase(
                type: [.address], element: Element(.prefix(Prefix(pod))), text: "fd00::1/128,",
                json: #"{"prefix": {"addr": "fd00::1", "len": 128}}"#),
            KeyCase(
                type: [.address], element: Element(.address(pod), comment: "a node"),
                text: #"fd00::1  comment "a node","#, json: #"{"elem": {"val": "fd00::1", "comment": "a node"}}"#),
            KeyCase(
                type: [.transportProtocol, .port],
                element: Element(.port(.udp, port), .verdict(.jump(ChainName("x")))),
                text: "udp . 30001  : jump x,",
                json: #"[{"concat": ["udp", 30001]}, {"jump": {"target": "x"}}]"#),
            KeyCase(
                type: [.address, .transportProtocol, .port],
                element: Element(.service(pod, .tcp, port), .data(.endpoint(address, port))),
                text: "fd00::1 . tcp . 30001    : fd00:10:96::a . 30001,",
                json: #"[{"concat": ["fd00::1", "tcp", 30001]}, {"concat": ["fd00:10:96::a", 30001]}]"#),
            KeyCase(
                type: [.address, .transportProtocol, .port],
                element: Element(.service(pod, .tcp, port), .data(.address(address))),
                text: "fd00::1 . tcp . 30001    : fd00:10:96::a,",
                json: #"[{"concat": ["fd00::1", "tcp", 30001]}, "fd00:10:96::a"]"#),
            KeyCase(
                type: [.transportProtocol, .port], element: Element(.port(.udp, port), .data(.address(address))),
                text: "udp . 30001  : fd00:10:96::a,", json: #"[{"concat": ["udp", 30001]}, "fd00:10:96::a"]"#),
        ]
    }()

    @Test("Every kind of key and value", arguments: keys)
    func rendersKey(_ example: KeyCase) {
        let set = SetDefinition(named: SetName("some"), key: example.type, elements: [example.element])
        let ruleset = Rendering.ruleset(.ipv6, sets: [set])
        #expect(Rendering.text(ruleset).contains("\t\telements = {\n\t\t\t\(example.text)\n\t\t}\n"))
        #expect(Rendering.json(ruleset).contains("\"elem\": [\n  \(example.json)\n]}}}"))
    }

    @Test("A set without elements has no element line")
    func omitsEmptyElements() {
        let empty = SetDefinition(named: SetName("pod-cidrs"), key: [.address], kind: .interval)
        let ruleset = Rendering.ruleset(.ipv6, sets: [empty])
        #expect(
            Rendering.text(ruleset).contains("\tset pod-cidrs {\n\t\ttype ipv6_addr\n\t\tflags interval\n\t}\n"))
        #expect(
            Rendering.json(ruleset).contains(#""name": "pod-cidrs", "type": "ipv6_addr", "flags": ["interval"]}}}"#))
    }

    @Test("The values of a map of endpoints are addresses and ports")
    func rendersDataMap() {
        let map = SetDefinition(
            named: SetName("endpoints-0"), key: [.transportProtocol, .port], value: .data([.address, .port]))
        let ruleset = Rendering.ruleset(.ipv4, sets: [map])
        #expect(Rendering.text(ruleset).contains("\t\ttype inet_proto . inet_service : ipv4_addr . inet_service\n"))
        #expect(
            Rendering.json(ruleset).contains(
                #""type": ["inet_proto", "inet_service"], "map": ["ipv4_addr", "inet_service"]"#))
    }

    @Test("Text in a comment cannot end the comment or its line")
    func quotesComments() {
        let odd = Element(web.key, web.value, comment: "a\"b\\c\nd\u{7}\u{9b}31m")
        let ruleset = Rendering.ruleset(.ipv4, sets: [services([odd])])
        #expect(Rendering.text(ruleset).contains(#" comment "a'b\c d ??31m" "#))
        #expect(Rendering.json(ruleset).contains(#""comment": "a'b\\c d ??31m""#))
    }

    @Test("A very long comment does not push the others aside")
    func limitsColumns() throws {
        let long = Element(dns.key, dns.value, comment: String(repeating: "x", count: Element.longestComment))
        let text = Rendering.text(Rendering.ruleset(.ipv4, sets: [services([web, long])]))
        let line = try #require(text.split(separator: "\n").first { $0.contains("shop/web:http") })
        #expect(line.utf8.count < 120)
    }

    private func services(_ elements: [Element]) -> SetDefinition {
        SetDefinition(
            named: SetName("services"), key: [.address, .transportProtocol, .port], value: .verdict, size: 16384,
            elements: elements)
    }
}
