// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import FerruleTraffic
import Testing

@Suite("answers, way by way")
struct AnswerTests {
    private static func answer(
        _ source: String, _ destination: String, on node: String = "node-a", in shop: Shop? = nil
    ) throws -> TrafficAnswer {
        let shop = try shop ?? Shop.shared.get()
        return try shop.traffic(on: node).answer(from: TrafficSource(source), to: TrafficDestination(destination))
    }

    @Test(
        "what all packets meet and what those of each way meet are all steps, and no others",
        arguments: [
            ("pod shop/web-0", "service shop/web"), ("outside", "service shop/web"), ("outside", "nodeport 30080"),
            ("pod shop/web-0", "service shop/db"), ("pod shop/web-0", "service shop/none"), ("outside", "10.0.0.1:1"),
        ])
    func coversAllSteps(source: String, destination: String) throws {
        let answer = try Self.answer(source, destination)
        let own = answer.ownSteps(of: answer.outcomes)
        #expect(own.count == answer.outcomes.count)
        #expect(Set(answer.commonSteps + own.joined()) == Set(answer.steps))
        #expect(Set(answer.commonSteps).isDisjoint(with: own.joined()))
    }

    @Test("only the way of a pod to itself leads through the rule that masquerades it")
    func findsOwnSteps() throws {
        let answer = try Self.answer("pod shop/web-0", "service shop/web")
        let lengths = answer.ownSteps(of: answer.outcomes).map(\.count)
        #expect(answer.outcomes.map(\.isMasqueraded) == [true, false, false])
        #expect(lengths == [2, 1, 1])
        #expect(answer.commonSteps.map { "\($0.chain)" } == ["dispatch", "lb-3"])
    }

    @Test("where there is one endpoint, all packets go all of the way")
    func oneEndpoint() throws {
        let answer = try Self.answer("pod shop/web-2", "service shop/near", on: "node-b")
        #expect(answer.outcomes.count == 1 && answer.steps.count > 2)
        #expect(answer.commonSteps == answer.steps)
        #expect(answer.ownSteps(of: answer.outcomes) == [[]])
    }

    /// A service, and a slice of its endpoints.
    private static func service(_ name: String, _ spec: String, endpoints: String) -> String {
        """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: shop}
        spec: {\(spec)}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: \(name)-1, namespace: shop, labels: {kubernetes.io/service-name: \(name)}}
        addressType: IPv4
        ports: [{port: 9, protocol: TCP}]
        endpoints: [\(endpoints)]
        """
    }

    private static let leaving = "conditions: {ready: false, serving: true, terminating: true}"

    @Test("why some endpoints take the traffic and not others is said")
    func choices() throws {
        let text =
            Self.service(
                "hinted",
                "clusterIP: 10.96.0.20, type: NodePort, externalTrafficPolicy: Local, ports: [{port: 9, nodePort: 30090}]",
                endpoints: "{addresses: [10.244.1.9], nodeName: node-b, hints: {forNodes: [{name: node-a}]}}, "
                    + "{addresses: [10.244.2.9], nodeName: node-b, hints: {forNodes: [{name: node-b}]}}")
            + "\n"
            + Self.service(
                "leaving", "clusterIP: 10.96.0.21, ports: [{port: 9}]",
                endpoints: "{addresses: [10.244.1.8], nodeName: node-a, \(Self.leaving)}") + "\n"
            + Self.service(
                "away", "clusterIP: 10.96.0.22, internalTrafficPolicy: Local, ports: [{port: 9}]",
                endpoints: "{addresses: [10.244.1.7], nodeName: node-a, \(Self.leaving)}, "
                    + "{addresses: [10.244.2.7], nodeName: node-b}") + "\n"
        let shop = try Shop(more: text)
        func words(_ destination: String, from source: String = "10.244.1.5") throws -> [String] {
            try Self.answer(source, destination, in: shop).steps.map(\.why)
        }
        let hinted = "1 of 2 endpoints, by topology hints for node node-a"
        #expect(try words("service shop/hinted").contains("shop/hinted, \(hinted)"))
        #expect(
            try words("nodeport 30090").contains(
                "a sender of this cluster may use \(hinted) (externalTrafficPolicy: Local)"))
        #expect(
            try words("service shop/leaving").contains("shop/leaving, 1 endpoint, which is terminating: none is ready"))
        #expect(
            try words("service shop/away").contains(
                "shop/away, 1 endpoint, 1 on this node (policy Local), terminating: none here is ready"))
        #expect(try words("service shop/db").contains("shop/db, 2 endpoints"))
    }

    @Test("a family without endpoints is named where the other one has some")
    func familyWithoutEndpoints() throws {
        func answer(_ rest: String) throws -> TrafficAnswer {
            let spec =
                "clusterIPs: [10.96.0.20, 'fd00:96::20'], clusterIP: 10.96.0.20, ipFamilyPolicy: RequireDualStack, "
                + "ports: [{port: 9}], \(rest)"
            let shop = try Shop(
                more: Self.service("both", spec, endpoints: "{addresses: [10.244.1.9], nodeName: node-a}") + "\n")
            return try Self.answer("fd00:1::9", "[fd00:96::20]:9", in: shop)
        }
        let (slices, pods) = (try answer("sessionAffinity: None"), try answer("selector: {app: both}"))
        #expect(slices.reason == "shop/both has no IPv6 endpoint" && pods.reason == slices.reason)
        #expect(slices.remedy == "an EndpointSlice of addressType IPv6 has to name one")
        #expect(pods.remedy == "a ready pod with the labels app=both has to have an IPv6 address")
    }

    @Test(
        "a port is meant by its name or number, with the protocol or without",
        arguments: ["http", "80", "80/tcp", "http/TCP"])
    func findsPort(word: String) throws {
        let answer = try Self.answer("outside", "service shop/web:\(word)")
        #expect(answer.packet.destination.port.number == 80)
    }

    @Test(
        "what a question names and nobody has is said, with what was meant",
        arguments: [
            ("node", "service shop/web:80/udp", "service shop/web has no port 80/udp", "it has http 80/tcp"),
            (
                "pod shop/web", "service shop/web", "there is no pod shop/web",
                "did you mean shop/web-0 or shop/web-1 or shop/web-2?"
            ),
        ])
    func unknown(source: String, destination: String, message: String, hint: String) throws {
        #expect(throws: TrafficError.unknown(message, hint: hint)) { try Self.answer(source, destination) }
    }

    @Test("a rule of somebody else is the last step of what is not known")
    func foreignRule() throws {
        let shop = try Shop.shared.get()
        let traffic = shop.traffic(on: "node-a") { table in
            for index in table.chains.indices where table.chains[index].purpose == .dispatch {
                table.chains[index].foreignRules = [ForeignRule("ip ttl 1 drop", at: 0)]
            }
        }
        let answer = try traffic.answer(from: .node, to: TrafficDestination("service shop/web"))
        #expect(answer.outcomes.map(\.verdict) == [.unknown])
        #expect(answer.steps.map(\.rule) == [.foreign("ip ttl 1 drop")])
        #expect(answer.steps.map { "\($0.chain)" } == ["dispatch"])
    }

    @Test("a chain that somebody has emptied is why a service leads to no endpoint")
    func flushedChain() throws {
        let traffic = try Shop.shared.get().traffic(on: "node-a") { table in
            for index in table.chains.indices where table.chains[index].name == ChainName("lb-3") {
                table.chains[index].rules = []
            }
        }
        let answer = try traffic.answer(from: .node, to: TrafficDestination("service shop/web"))
        #expect(answer.outcomes.map(\.verdict) == [.pass])
        #expect(answer.reason == "chain lb-3 leads to no endpoint of shop/web:http, since somebody has changed it")
    }

    @Test("who is outside is no node, and in no list of sources")
    func outside() throws {
        // 198.51.100.1 is in a list of sources already.
        let taken = """
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: node-c}
            status: {addresses: [{type: InternalIP, address: 203.0.113.1}]}

            """
        for (more, source) in [("", "203.0.113.1"), (taken, "192.0.2.1")] {
            let answer = try Self.answer("outside", "203.0.113.10:443", in: Shop(more: more))
            #expect(answer.packet.source.description == source && answer.outcomes.map(\.verdict) == [.drop])
        }
    }

    @Test(
        "what a node sends is from its first address, and from a link-local one only where it has no other",
        arguments: [
            (["127.0.0.1", "172.17.0.1", "192.0.2.11"], "203.0.113.10:443", "172.17.0.1"),
            (["192.0.2.11", "127.0.0.1", "172.17.0.1"], "203.0.113.10:443", "192.0.2.11"),
            (["169.254.1.1", "192.0.2.11"], "203.0.113.10:443", "192.0.2.11"),
            (["::1", "fe80::1", "fd00:1::11", "fd00:1::12"], "[2001:db8:5::5]:80", "fd00:1::11"),
            (["::1", "fe80::1", "192.0.2.11"], "[2001:db8:5::5]:80", "fe80::1"),
            (["fe80::1", "192.0.2.11"], "[fe80::1]:80", "fe80::1"),
        ])
    func nodeAddress(addresses: [String], destination: String, source: String) throws {
        let node = NodeTraffic(
            reading: Ruleset(tables: [], summary: Summary()), nodeName: nil,
            addresses: addresses.compactMap { IPAddress($0) })
        let answer = try node.answer(from: .node, to: TrafficDestination(destination))
        #expect(answer.packet.source.description == source)
    }

    @Test("eight times as many endpoints take about eight times as long")
    func isLinear() throws {
        let times = try [400, 3200].map { count in
            let endpoints = (0..<count).map { "{addresses: [10.245.\($0 / 250).\($0 % 250 + 1)], nodeName: node-b}" }
            let shop = try Shop(
                more: [0, 1, 2, 3].map { part in
                    let own = endpoints[(count / 4 * part)..<(count / 4 * (part + 1))].joined(separator: ", ")
                    return """
                        ---
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: none-\(part), namespace: shop, labels: {kubernetes.io/service-name: none}}
                        addressType: IPv4
                        ports: [{port: 9}]
                        endpoints: [\(own)]

                        """
                }.joined())
            let traffic = shop.traffic(on: "node-a")
            let (source, destination) = (try TrafficSource("outside"), try TrafficDestination("service shop/none"))
            return try threadTime {
                let answer = try traffic.answer(from: source, to: destination)
                #expect(answer.outcomes.count == count)
            }
        }
        #expect(times[1] < 24 * times[0], "\(times)")
    }
}
