// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import RandomClusters
import Testing

/// What a ruleset that is followed comes to where services meet at one address or number.
struct FollowedChangeTests {
    private static let nodeAddresses = [IPAddress(ipv4: 0xc000_020a), IPAddress(ipv4: 0xc000_020b)]

    private func service(_ port: ResolvedPort) -> ResolvedService {
        ResolvedService(ObjectKey(port.namespace, port.service), .virtual, ports: [port])
    }

    private func endpoints(_ numbers: some Sequence<Int>) throws -> [Endpoint] {
        let port = try #require(Port(8080))
        return numbers.map { Endpoint(IPAddress(ipv4: 0x0a01_0000 + UInt32($0)), port) }
    }

    private func port(
        _ name: String, _ number: Int, _ transport: TransportProtocol = .tcp, clusterIP: Int, endpoints: Int
    ) throws -> ResolvedPort {
        var port = ResolvedPort(
            namespace: "d", service: name, name: "", family: .ipv4, protocol: transport,
            port: try #require(Port(number)), clusterIP: IPAddress(ipv4: 0x0a60_0000 + UInt32(clusterIP)))
        port.endpoints.cluster = try self.endpoints(0..<endpoints)
        port.endpoints.serving = port.endpoints.cluster
        return port
    }

    /// That what is followed is the fold of the services from nothing.
    private func check(_ builder: inout RulesetBuilder, _ services: [ResolvedService]) throws {
        var cluster = ResolvedCluster()
        cluster.services = services
        let wanted = RulesetCompiler.compile(cluster, .forTests)
        #expect(builder.ruleset() == wanted)
        #expect(builder.digest == RulesetDigest(of: wanted))
    }

    // MARK: Parts

    @Test("A part is kept off an address that a service has got before, and may have it when the service is gone")
    func addressOfPart() throws {
        let large = service(try port("l", 80, clusterIP: 80, endpoints: 300))
        var alone = ResolvedCluster()
        alone.services = [large]
        let parts = RulesetCompiler.compile(alone, .forTests).tables[0].sets.first {
            $0.purpose == .parts(SlotScope(isNodePort: false, isLocal: false), number: 0)
        }
        let value = try #require(parts?.elements.first?.value)
        let address = try #require(value.data?.address)

        var other = try port("a", 80, clusterIP: 81, endpoints: 2)
        var builder = RulesetBuilder(ResolvedCluster(), .forTests)
        func follow(_ changes: ResolvedService...) throws {
            for service in changes { builder.replace(service.key, with: service) }
            _ = builder.takeChanges()
        }
        try follow(service(other), try service(port("l", 80, clusterIP: 80, endpoints: 5)))
        other.externalIPs = [address]
        try follow(service(other))
        try follow(large)
        try check(&builder, [service(other), large])
        other.externalIPs = []
        try follow(service(other))
        try check(&builder, [service(other), large])
    }

    // MARK: Affinity

    @Test("A service that wins its address later has its session affinity, whichever of the two has affinity too")
    func laterWinner() throws {
        for seconds in [nil, 60] {
            var first = try port("a", 80, clusterIP: 20, endpoints: 2)
            first.affinitySeconds = seconds
            var second = try port("s", 80, clusterIP: 20, endpoints: 3)
            second.affinitySeconds = 10_800
            var cluster = ResolvedCluster()
            cluster.services = [service(first), service(second)]
            var builder = RulesetBuilder(cluster, .forTests)
            builder.replace(cluster.services[0].key, with: nil)
            _ = builder.takeChanges()
            try check(&builder, [service(second)])
        }
    }

    // MARK: Source ranges

    @Test("Source ranges come and go, those that nobody is in and those that the node is in")
    func sourceRanges() throws {
        let range = try #require(Prefix("192.0.2.0/24"))
        let balancerIP = IPAddress(ipv4: 0xcb00_710a)
        var limited = try port("a", 80, clusterIP: 81, endpoints: 2)
        limited.balancerIPs = [balancerIP]
        var builder = RulesetBuilder(ResolvedCluster(), .forTests)
        let steps: [([Prefix]?, Bool, [String?]?)] = [
            (nil, false, nil), ([], false, []), ([range], false, [nil]), ([range], true, [nil, Element.sourceOfNode]),
            ([Prefix(balancerIP), range], true, [nil, nil]), ([], false, []), (nil, false, nil),
        ]
        for (ranges, holdNode, comments) in steps {
            (limited.sourceRanges, limited.sourcesHoldNode) = (ranges?.sorted(), holdNode)
            builder.replace(service(limited).key, with: service(limited))
            _ = builder.takeChanges()
            try check(&builder, [service(limited)])
            let ruleset = builder.ruleset()
            #expect(ruleset.tables[0].set(.sourceRanges)?.elements.map(\.comment) == comments)
            let key = ElementKey.service(balancerIP, .tcp, limited.port)
            #expect(ruleset.served[.ipv4]?.services[key]?.sources?.count == comments?.count)
        }
    }

    // MARK: Tracked connections

    @Test(
        "A change tells of a connection what all that is served tells",
        arguments: [
            .listed(nodeAddresses), .listed([nodeAddresses[0]]), .all(known: []),
            .within([Prefix(nodeAddresses[1])], known: []),
        ] as [NodePortAddresses], 0..<2 as Range<UInt64>)
    func trackedConnections(addresses: NodePortAddresses, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var services = try (0..<4).map { try meetingService($0, &random) }
        var cluster = ResolvedCluster()
        cluster.nodePortAddresses = [.ipv4: addresses]
        cluster.services = services
        var builder = RulesetBuilder(cluster, .forTests)
        var served = try #require(builder.ruleset().served[.ipv4])
        let flows = try flows()
        let local = Set(Self.nodeAddresses)
        var removed = 0
        for step in 0..<40 {
            let number = Int.random(in: services.indices, using: &random)
            services[number] = try meetingService(number, &random)
            builder.replace(services[number].key, with: services[number])
            let change = builder.takeChanges().first
            let former = served
            served = try #require(builder.ruleset().served[.ipv4])
            let before = FlowJudge(former, localAddresses: local)
            let whole = FlowJudge(served, former: former, localAddresses: local)
            let told = change.map { FlowJudge($0.served, former: $0.formerlyServed, localAddresses: local) }
            for flow in flows where !before.contradicts(flow) {
                let (isTold, isRight) = (told?.contradicts(flow) ?? false, whole.contradicts(flow))
                // What becomes of connections of TCP is not told, since they have an end.
                guard flow.transport == .udp || isTold else { continue }
                try #require(isTold == isRight, "step \(step): \(flow)")
                removed += isTold ? 1 : 0
            }
        }
        #expect(removed > 0)
    }

    /// One whose external address may be the node's, and its number a node port's.
    private func meetingService(_ number: Int, _ random: inout SeededGenerator) throws -> ResolvedService {
        func chance() -> Bool { Bool.random(using: &random) }
        let numbers = [30_080, 30_081]
        var port = try port(
            "s-\(number)", numbers[chance() ? 0 : 1], Int.random(in: 0..<4, using: &random) == 0 ? .tcp : .udp,
            clusterIP: number, endpoints: 0)
        if chance() { port.nodePort = Port(numbers[chance() ? 0 : 1]) }
        if chance() { port.externalIPs = [Self.nodeAddresses[chance() ? 0 : 1]] }
        if chance() {
            port.balancerIPs = [Self.nodeAddresses[chance() ? 0 : 1]]
            if chance() { port.sourceRanges = [try #require(Prefix("198.51.100.0/24"))] }
        }
        port.endpoints.cluster = try endpoints((0..<4).filter { _ in Int.random(in: 0..<3, using: &random) == 0 })
        port.endpoints.serving = port.endpoints.cluster
        return service(port)
    }

    /// Connections to all that these services may have, each with all endpoints and with none.
    private func flows() throws -> [TrackedFlow] {
        let addresses = Self.nodeAddresses + (0..<4).map { IPAddress(ipv4: 0x0a60_0000 + $0) }
        let sources = [IPAddress(ipv4: 0xc633_6401), IPAddress(ipv4: 0xcb00_7101)]
        return try addresses.flatMap { address in
            try [30_080, 30_081].flatMap { number in
                let destination = Endpoint(address, try #require(Port(number)))
                return try ([destination] + endpoints(0..<4)).flatMap { responder in
                    [TransportProtocol.tcp, .udp].flatMap { transport in
                        sources.map { source in
                            TrackedFlow(
                                transport, from: source, to: destination, responder: responder,
                                isAnswered: transport == .udp)
                        }
                    }
                }
            }
        }
    }
}
