// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// The reason why this suite cannot run here.
private let unavailability = Comment(rawValue: Namespace.unavailability ?? "namespaces are available")

@Suite("The lab without a ruleset", .enabled(if: Namespace.isRequiredOrAvailable, unavailability))
struct ReachabilityTests {
    private static let paths: [(Client, String)] = [
        ("10.244.0.6", "10.244.0.7"), ("10.244.0.7", "10.244.1.6"), ("10.244.1.7", "10.244.0.6"),
        ("198.51.100.1", "10.244.0.6"), ("198.51.100.4", "10.244.1.7"),
        ("fd00:10:244::6", "fd00:10:244::7"), ("fd00:10:244::7", "fd00:10:244:1::6"),
        ("fd00:10:244:1::7", "fd00:10:244::6"), ("2001:db8:ffff::1", "fd00:10:244::6"),
        ("2001:db8:ffff::4", "fd00:10:244:1::7"),
    ]

    @Test("Everybody reaches every pod in both families and three protocols, with its own address")
    func everybodyReachesPods() throws {
        try Lab.with { lab in
            try lab.serve([80])
            for transport in TransportProtocol.allCases {
                let outcomes = try lab.probe(Self.paths.map { Probe(from: $0, to: $1, 80, transport) })
                for ((client, server), outcome) in zip(Self.paths, outcomes) {
                    guard case .address(let source) = client else { continue }
                    #expect(outcome == .answered(by: address(server), port: 80, seenSource: source))
                }
            }
        }
    }

    @Test("The node reaches pods from its first address", arguments: TransportProtocol.allCases)
    func nodeReachesPods(transport: TransportProtocol) throws {
        try Lab.with { lab in
            try lab.serve([80])
            let probes = lab.topology.servers.map { Probe(from: .node, to: $0, 80, transport) }
            for (probe, outcome) in zip(probes, try lab.probe(probes)) {
                let source = try #require(lab.topology.nodeAddress(probe.destination.family))
                #expect(outcome == .answered(by: probe.destination, port: 80, seenSource: source))
            }
        }
    }

    @Test("A chosen source port is used, and ports where nobody listens are refused")
    func portsAreHonest() throws {
        try Lab.with { lab in
            try lab.serve([80, 81])
            try lab.serve([82], [.sctp])
            let pod = address("10.244.0.6")
            let refusals: [(TransportProtocol, Refusal)] = [(.tcp, .reset), (.udp, .portUnreachable), (.sctp, .abort)]
            for (transport, refusal) in refusals {
                let chosen = Probe(from: "198.51.100.1", to: pod, 81, transport, sourcePort: 5555)
                #expect(try lab.probe(chosen).server == pod)
                #expect(try lab.probe(Probe(from: .node, to: pod, 83, transport)) == .refused(refusal))
            }
            #expect(try lab.probe(Probe(from: .node, to: pod, 82, .sctp)).server == pod)
        }
    }

    @Test("A connection stays open and is answered again, until the way is gone")
    func connectionsStay() throws {
        try Lab.with { lab in
            try lab.serve([80], [.tcp])
            let connection = try lab.open(Probe(from: "198.51.100.1", to: "10.244.0.6", 80))
            let expected = Outcome.answered(by: address("10.244.0.6"), port: 80, seenSource: address("198.51.100.1"))
            #expect(connection.greeting == expected)
            for _ in 0..<3 { #expect(connection.ask() == expected) }
            try lab.node.load("table ip lab { chain c { type filter hook forward priority 0; policy drop; }; }")
            #expect(connection.ask(timeout: .milliseconds(50)) == .dropped)
            #expect(try lab.open(Probe(from: .node, to: "10.244.0.6", 81)).greeting == .refused(.reset))
        }
    }

    @Test("A namespace without an SCTP server says that it does not know the protocol")
    func unknownProtocol() throws {
        try Lab.with { lab in
            for pod in lab.topology.localPods[0] {
                let outcome = try lab.probe(Probe(from: .node, to: pod, 80, .sctp))
                #expect(outcome == .refused(.protocolUnreachable))
            }
        }
    }

    @Test("One namespace may hold many addresses, and servers may stand on the node and outside too")
    func manyAddresses() throws {
        var topology = Topology(
            localPods: (6..<16).map { address("10.244.0.\($0)") },
            remote: (1..<100).map { address("10.244.1.\($0)") })
        topology.node += addresses("203.0.113.11")
        topology.localPods[0] += (100..<120).map { address("10.244.0.\($0)") }
        try Lab.with(topology) { lab in
            let destinations = topology.servers + addresses("192.0.2.11", "203.0.113.11", "198.51.100.3")
            try lab.serve([80], [.tcp, .udp], on: destinations)
            let probes = destinations.map { Probe(from: "198.51.100.1", to: $0, 80, .udp) }
            #expect(try lab.probe(Array(probes.dropLast())).map(\.server) == destinations.dropLast())
            #expect(try lab.probe(Probe(from: .node, to: "198.51.100.3", 80)).server == address("198.51.100.3"))
        }
    }

    @Test("A probe from an address that the lab does not have is a mistake")
    func unknownClients() throws {
        try Lab.with { lab in
            #expect(throws: LabError.self) { try lab.probe(Probe(from: "192.0.2.99", to: "10.244.0.6", 80)) }
            #expect(throws: LabError.self) { try lab.probe(Probe(from: "10.244.0.6", to: "fd00:10:244::6", 80)) }
        }
    }

    @Test("Addresses that nobody holds are dropped in the outside")
    func unknownAddresses() throws {
        try Lab.with { lab in
            let probes = ["10.96.9.9", "fd00:10:96::99"].flatMap { destination in
                TransportProtocol.allCases.map { Probe(from: .node, to: destination, 80, $0) }
            }
            let outcomes = try lab.probe(probes)
            #expect(outcomes.allSatisfy { $0 == .dropped })
        }
    }
}
