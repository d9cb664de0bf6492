// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

/// Which tracked connections a ruleset contradicts.
struct FlowJudgeTests {
    private static let client = IPAddress(ipv4: 0xc633_6401)
    private static let nodeAddress = IPAddress(ipv4: 0xc000_020b)
    private static let clusterIP = IPAddress(ipv4: 0x0a60_000a)
    private static let balancerIP = IPAddress(ipv4: 0xcb00_710a)

    private static func target(_ address: IPAddress, _ port: Int) throws -> Endpoint {
        Endpoint(address, try #require(Port(port)))
    }

    private static func endpoint(_ number: UInt32, port: Int = 8080) throws -> Endpoint {
        try target(IPAddress(ipv4: 0x0af4_0000 + number), port)
    }

    private static func served(_ change: (inout ServedAddresses) throws -> Void = { _ in }) throws -> ServedAddresses {
        var served = ServedAddresses()
        let service = ServedAddresses.Service(endpoints: [try endpoint(1), try endpoint(2)], isAtClusterIP: true)
        let limited = ServedAddresses.Service(
            endpoints: service.endpoints, sources: [try #require(Prefix("192.0.2.0/24"))])
        let (port, nodePort) = (try #require(Port(80)), try #require(Port(30080)))
        let transports = TransportProtocol.allCases
        served.services = ServedElements(
            Dictionary(
                uniqueKeysWithValues: transports.flatMap { transport in
                    [
                        (.service(clusterIP, transport, port), service),
                        (.service(balancerIP, transport, port), limited),
                    ]
                }))
        served.nodePorts = ServedElements(
            Dictionary(uniqueKeysWithValues: transports.map { (.port($0, nodePort), service) }))
        served.nodeAddresses = .listed([nodeAddress])
        served.serviceCIDRs = [try #require(Prefix("10.96.0.0/16"))]
        try change(&served)
        return served
    }

    /// Whether a connection of each kind is contradicted: answered, and not.
    private func contradicted(
        _ destination: Endpoint, _ responder: Endpoint, from source: IPAddress = client,
        former: ServedAddresses? = nil, local: Set<IPAddress> = [nodeAddress],
        _ change: (inout ServedAddresses) throws -> Void = { _ in }
    ) throws -> [TransportProtocol: [Bool]] {
        let judge = FlowJudge(try Self.served(change), former: former, localAddresses: local)
        return Dictionary(
            uniqueKeysWithValues: TransportProtocol.allCases.map { transport in
                (
                    transport,
                    [true, false].map { isAnswered in
                        judge.contradicts(
                            TrackedFlow(
                                transport, from: source, to: destination, responder: responder, isAnswered: isAnswered))
                    }
                )
            })
    }

    private static let none: [TransportProtocol: [Bool]] = [
        .tcp: [false, false], .udp: [false, false], .sctp: [false, false],
    ]
    /// Of UDP the answered ones too.
    private static let open: [TransportProtocol: [Bool]] = [
        .tcp: [false, true], .udp: [true, true], .sctp: [false, true],
    ]
    private static let unanswered: [TransportProtocol: [Bool]] = [
        .tcp: [false, true], .udp: [false, true], .sctp: [false, true],
    ]

    @Test("an endpoint that serves keeps its connections, at all addresses of the service")
    func serving() throws {
        for (address, port) in [(Self.clusterIP, 80), (Self.nodeAddress, 30080)] {
            #expect(try contradicted(Self.target(address, port), Self.endpoint(2)) == Self.none)
        }
        let inRange = IPAddress(ipv4: 0xc000_0201)
        #expect(try contradicted(Self.target(Self.balancerIP, 80), Self.endpoint(1), from: inRange) == Self.none)
    }

    @Test("an endpoint that is gone, or serves at another port, loses those that are open")
    func gone() throws {
        for (address, port) in [(Self.clusterIP, 80), (Self.nodeAddress, 30080), (Self.balancerIP, 80)] {
            let destination = try Self.target(address, port)
            #expect(try contradicted(destination, Self.endpoint(3)) == Self.open)
            #expect(try contradicted(destination, Self.endpoint(1, port: 8081)) == Self.open)
            #expect(try contradicted(destination, destination) == Self.open, "what passed before the service began")
        }
    }

    @Test("a service without endpoints leaves nothing open")
    func noEndpoint() throws {
        let destination = try Self.target(Self.clusterIP, 80)
        let result = try contradicted(destination, Self.endpoint(1)) { served in
            served.services = ServedElements(
                Dictionary(uniqueKeysWithValues: served.services.keys.map { ($0, .init()) }))
        }
        #expect(result == Self.open)
    }

    @Test("a source that the ranges leave out loses what was never answered")
    func sources() throws {
        #expect(try contradicted(Self.target(Self.balancerIP, 80), Self.endpoint(1)) == Self.unanswered)
    }

    @Test("what a service that is gone has translated is open, and nothing else")
    func formerService() throws {
        let (destination, nodePort) = (try Self.target(Self.balancerIP, 80), try Self.target(Self.nodeAddress, 30080))
        let former = try Self.served()
        let change = { (served: inout ServedAddresses) in
            (served.services, served.nodePorts) = (ServedElements(), ServedElements())
        }
        #expect(try contradicted(destination, Self.endpoint(1), former: former, change) == Self.open)
        #expect(try contradicted(nodePort, Self.endpoint(1), former: former, change) == Self.open)
        #expect(try contradicted(destination, Self.endpoint(1), change) == Self.none, "others translate too")
        #expect(try contradicted(destination, destination, former: former, change) == Self.none)
    }

    @Test("node ports count at the node's addresses that serve them")
    func nodeAddresses() throws {
        let second = IPAddress(ipv4: 0xcb00_710b)
        let loopback = IPAddress(ipv4: 0x7f00_0001)
        let local: Set = [Self.nodeAddress, second, loopback]
        func isServed(_ address: IPAddress, _ addresses: ServedAddresses.NodeAddresses) throws -> Bool {
            let destination = try Self.target(address, 30080)
            let result = try contradicted(destination, Self.endpoint(9), local: local) { $0.nodeAddresses = addresses }
            return result == Self.open
        }
        #expect(try !isServed(second, .listed([Self.nodeAddress])))
        #expect(try isServed(second, .local(within: [])))
        #expect(try isServed(second, .local(within: [#require(Prefix("203.0.113.0/24"))])))
        #expect(try !isServed(Self.nodeAddress, .local(within: [#require(Prefix("203.0.113.0/24"))])))
        #expect(try !isServed(loopback, .local(within: [])))
        #expect(try !isServed(Self.client, .local(within: [])))
    }

    @Test("an address that has no endpoint yields to a node port of its number, behind its ranges")
    func yielding() throws {
        let (port, nodePort) = (try #require(Port(30080)), try Self.target(Self.nodeAddress, 30080))
        func result(yields: Bool, sources: [Prefix]? = nil) throws -> [TransportProtocol: [Bool]] {
            try contradicted(nodePort, Self.endpoint(1)) { served in
                served.services = ServedElements(
                    Dictionary(
                        uniqueKeysWithValues: TransportProtocol.allCases.map { transport in
                            (
                                .service(Self.nodeAddress, transport, port),
                                .init(sources: sources, yieldsToNodePort: yields)
                            )
                        }))
            }
        }
        #expect(try result(yields: true) == Self.none)
        #expect(try result(yields: false) == Self.open)
        #expect(try result(yields: true, sources: [#require(Prefix("192.0.2.0/24"))]) == Self.unanswered)
    }

    @Test("other ports of ClusterIPs, and unknown ones, are open where nobody has translated or answered")
    func unserved() throws {
        for address in [Self.clusterIP, IPAddress(ipv4: 0x0a60_0063)] {
            let destination = try Self.target(address, 81)
            #expect(try contradicted(destination, destination) == Self.unanswered)
            #expect(try contradicted(destination, Self.endpoint(1)) == Self.none, "somebody else translates it")
            #expect(try contradicted(destination, destination, local: [address]) == Self.none, "it is the node's own")
        }
        let elsewhere = try Self.target(Self.balancerIP, 81)
        #expect(try contradicted(elsewhere, elsewhere) == Self.none)
    }

    @Test("where no range of ClusterIPs is known, other ports of those in use are open")
    func unservedWithoutRanges() throws {
        for (address, expected) in [(Self.clusterIP, Self.unanswered), (IPAddress(ipv4: 0x0a60_0063), Self.none)] {
            let destination = try Self.target(address, 81)
            #expect(try contradicted(destination, destination) { $0.serviceCIDRs = [] } == expected)
        }
    }
}
