// SPDX-License-Identifier: Apache-2.0

import FerruleCLI
import FerruleCompiler
import FerruleNetwork
import FerruleRuleset
import Glibc
import NetworkLab
import Testing

/// Services whose endpoints are each an address of its own on another node.
@Suite("Large services", .needsNamespaces, .serialized)
struct LargeServiceTests {
    /// The statistic has a mean of 999, a standard deviation of 44.7 and a limit of 1,239. If a tenth of the endpoints got 1.5
    /// times the share of the others, it would be 1,420 on average.
    @Test(
        "A thousand endpoints get even shares of 20,000 connections, as one service and in parts",
        arguments: [1024, 128])
    func spread(largestWhole: Int) throws {
        let addresses = (0..<1000).map { "10.245.\($0 / 250).\($0 % 250 + 1)" }
        try withServers(addresses, [.udp]) { lab in
            let cluster = TestCluster(
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "udp 80/UDP"),
                    Manifests.slice("web", addresses, "udp 8080/UDP"))
            ).with { $0.partLimits.whole = largestWhole }
            try lab.node.apply(try cluster.ruleset())
            let counts = try counts(lab, [Probe(from: .node, to: "10.96.0.10", 80, .udp)], 20_000)
            #expect(counts.count == 1000)
            #expect(chiSquare(counts, addresses).isLikely)
        }
    }

    private static let destinations: [(kind: String, address: String, port: UInt16)] = [
        ("a ClusterIP", "10.96.0.10", 80), ("a node port", "192.0.2.11", 30080), ("the policy Local", "10.96.0.20", 80),
    ]

    /// 301 endpoints are parts of 101, 100 and 100. The statistic has a mean of 300, a standard deviation of 24.5 and a limit of
    /// 439. Were one part in three never reached, it would be over 3,000.
    @Test(
        "Three hundred endpoints get even shares at every kind of address, also when one is another",
        arguments: IPFamily.allCases, destinations)
    func kinds(family: IPFamily, destination: (kind: String, address: String, port: UInt16)) throws {
        let addresses = (1...302).map { number in
            family == .ipv4 ? "10.245.\(number / 250).\(number % 250 + 1)" : "fd00:10:245::\(number)"
        }
        let probes = probes(to: destination.address.translated(to: family), destination.port)
        try withServers(addresses, [.tcp, .udp]) { lab in
            let before = Array(addresses.dropLast())
            try lab.node.update(to: try ruleset(before, family))
            #expect(chiSquare(try counts(lab, probes, 6000), before).isLikely)

            // The endpoint of the last slot of the first part is another from now on, in its place.
            let slot = try #require(try slot(100, lab).first)
            guard let gone = slot.value.data?.endpoint?.address else {
                throw TestMistake(description: "\(slot) is not an endpoint")
            }
            let after = addresses.filter { address($0) != gone }
            try lab.node.update(to: try ruleset(after, family))
            let newcomer = address(addresses[301])
            #expect(
                try self.slot(100, lab).first { $0.key == slot.key }?.value == .data(.endpoint(newcomer, port(8080))))
            let shares = try counts(lab, probes, 6000)
            #expect(shares[gone] == nil && shares[newcomer] ?? 0 > 0)
            #expect(chiSquare(shares, after).isLikely)
        }
    }

    private func slot(_ number: Int, _ lab: Lab) throws -> [Element] {
        try lab.node.read().tables.flatMap(\.sets).first { $0.name == SetName("endpoints-\(number)") }?.elements ?? []
    }

    /// Packets get two new destinations on their way, and checksums must be right for the last.
    @Test("Checksums are right behind parts, at every kind of address", arguments: IPFamily.allCases, destinations)
    func checksums(family: IPFamily, destination: (kind: String, address: String, port: UInt16)) throws {
        let addresses = (1...129).map { family == .ipv4 ? "10.245.0.\($0)" : "fd00:10:245::\($0)" }
        let probes = probes(to: destination.address.translated(to: family), destination.port)
        try withServers(addresses, [.tcp, .udp]) { lab in
            for (namespace, interface) in [
                (lab.node, "uplink"), (lab.node, "pod0"), (lab.localPods[0], "eth0"), (lab.remote, "eth0"),
            ] {
                try namespace.completeChecksums(on: interface)
            }
            try lab.node.update(to: try ruleset(addresses, family))
            #expect(try counts(lab, probes, 500).values.reduce(0, +) == 500)

            // A wrong checksum is noticed.
            try lab.node.load(
                """
                table inet wrong {
                    chain out {
                        type filter hook postrouting priority 300;
                        oifname "uplink" udp checksum set 4711
                        oifname "uplink" tcp checksum set 4711
                    }
                }
                """)
            #expect(try lab.probe(probes, timeout: .milliseconds(500)) == probes.map { _ in .dropped })
        }
    }

    @Test("Clients of a large service with affinity keep their endpoint", arguments: IPFamily.allCases)
    func affinity(family: IPFamily) throws {
        let addresses = (1...200).map { family == .ipv4 ? "10.245.0.\($0)" : "fd00:10:245::\($0)" }
        try withServers(addresses, [.tcp, .udp]) { lab in
            try lab.node.update(to: try ruleset(addresses, family, web: "sessionAffinity: ClientIP"))
            var endpoints: Set<IPAddress> = []
            for probe in probes(to: "10.96.0.10".translated(to: family), 80) {
                let first = try #require(try lab.probe(probe, timeout: .seconds(2)).server)
                endpoints.insert(first)
                #expect(try counts(lab, [probe], 500) == [first: 500])
            }
            // By chance all four have the same once in eight million runs.
            #expect(endpoints.count > 1)
        }
    }

    /// As in the instant in which endpoints go away.
    @Test("Connections whose slot has lost its endpoint get the first one of their part")
    func lostSlots() throws {
        let addresses = (0..<300).map { "10.245.\($0 / 250).\($0 % 250 + 1)" }
        try withServers(addresses, [.udp]) { lab in
            try lab.node.apply(try ruleset(addresses, .ipv4))
            for slot in [7] + Array(90..<100) {
                _ = try lab.node.output("nft", "flush", "map", "ip", "ferrule", "endpoints-\(slot)")
            }
            let counts = try counts(lab, [Probe(from: .node, to: "10.96.0.10", 80, .udp)], 3000)
            #expect(counts.values.reduce(0, +) == 3000)
            let lost = [0, 100, 200].flatMap { part in ([7] + Array(90..<100)).map { part + $0 } }
            #expect(Set(counts.keys).isDisjoint(with: lost.map { address(addresses[$0]) }))
            // 120 on average, with a standard deviation of 10.7.
            for part in [0, 100, 200] { #expect((60...185).contains(counts[address(addresses[part])] ?? 0)) }
        }
    }

    /// As in the instant in which a service gets fewer parts. Each kind of address has maps of its own.
    @Test(
        "Packets to a part that is gone are dropped and reach nobody else", arguments: IPFamily.allCases, destinations)
    func lostParts(family: IPFamily, destination: (kind: String, address: String, port: UInt16)) throws {
        let addresses = (0..<300).map {
            family == .ipv4 ? "10.245.\($0 / 250).\($0 % 250 + 1)" : "fd00:10:245::\($0 + 1)"
        }
        let probes = probes(to: destination.address.translated(to: family), destination.port)
        try withServers(addresses, [.tcp, .udp]) { lab in
            try lab.node.apply(try ruleset(addresses, family))
            let maps = try lab.node.read().tables.flatMap(\.sets).filter(\.purpose.isOfParts).map(\.name.description)
            for map in maps where map.hasSuffix("-1") {
                _ = try lab.node.output("nft", "flush", "map", family == .ipv4 ? "ip" : "ip6", "ferrule", map)
            }
            let many = (0..<75).flatMap { _ in probes }
            let outcomes = try lab.probe(many, timeout: .milliseconds(700))
            let isOfLost = Set(addresses[100..<200].map(NetworkLab.address))
            #expect(outcomes.allSatisfy { $0.server.map { !isOfLost.contains($0) } ?? true })
            // A third of 300 on average, with a standard deviation of 8.2. A program on the node is told at once.
            let lost = outcomes.count { $0.server == nil }
            #expect((55...145).contains(lost))
            #expect(outcomes.allSatisfy { $0.server != nil || $0 == .dropped || $0 == .refused(.error(EPERM)) })

            // A client that tries again reaches another part, or this one once it is back.
            try lab.node.update(to: try ruleset(addresses, family))
            #expect(try counts(lab, probes, 500).values.reduce(0, +) == 500)
        }
    }

    /// From a pod and from the node itself, by TCP and UDP.
    private func probes(to destination: String, _ port: UInt16) -> [Probe] {
        let pod = address(destination).family == .ipv4 ? "10.244.0.6" : "fd00:10:244::6"
        return [Client.node, Client(pod)].flatMap { client in
            [TransportProtocol.tcp, .udp].map { Probe(from: client, to: destination, port, $0) }
        }
    }

    /// A service that serves a node port too, and one of the internal policy Local, with the same endpoints.
    private func ruleset(_ addresses: [String], _ family: IPFamily, web spec: String = "") throws -> Ruleset {
        let endpoints = addresses.map { "\($0) node-a" }
        let manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "udp 80/UDP 30080", "tcp 80/TCP 30080", spec: spec),
            Manifests.slice("web", endpoints, "udp 8080/UDP", "tcp 8080/TCP"),
            Manifests.service(
                "local", "10.96.0.20", "udp 80/UDP", "tcp 80/TCP", spec: "internalTrafficPolicy: Local"),
            Manifests.slice("local", endpoints, "udp 8080/UDP", "tcp 8080/TCP"))
        return try TestCluster(manifests.translated(to: family)).withSmallParts.ruleset()
    }

    /// A lab in which these addresses serve port 8080.
    private func withServers(
        _ addresses: [String], _ transports: [TransportProtocol], _ body: (Lab) throws -> Void
    ) throws {
        var topology = Topology()
        topology.remote += addresses.map(NetworkLab.address)
        try Lab.with(topology) { lab in
            // Behind one neighbour: the kernel's table of those has 1,024 places, for all namespaces together.
            let isFour = topology.remote.last?.family == .ipv4
            let (neighbour, source) = isFour ? ("192.0.2.12", "192.0.2.11") : ("2001:db8::12", "2001:db8::11")
            let routes = addresses.map { "route replace \($0) via \(neighbour) dev uplink src \(source) onlink\n" }
            let routing = try lab.node.run(["ip", "-batch", "-"], input: routes.joined())
            #expect(routing.succeeded, "\(routing.standardError)")
            try lab.serve([8080], transports, on: addresses.map(NetworkLab.address))
            try body(lab)
        }
    }

    /// How many connections each server got, from probes in turn.
    private func counts(_ lab: Lab, _ probes: [Probe], _ connections: Int) throws -> [IPAddress: Int] {
        var counts: [IPAddress: Int] = [:]
        for _ in 0..<connections / 500 {
            for outcome in try lab.probe((0..<500).map { probes[$0 % probes.count] }, timeout: .seconds(10)) {
                counts[try #require(outcome.server, "\(outcome)"), default: 0] += 1
            }
        }
        return counts
    }

    /// Of what the servers at these addresses got, against equal shares.
    private func chiSquare(_ counts: [IPAddress: Int], _ addresses: [String]) -> ChiSquare {
        ChiSquare(addresses.map { counts[address($0)] ?? 0 })
    }
}
