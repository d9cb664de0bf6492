// SPDX-License-Identifier: Apache-2.0

import FerruleCLI
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

/// Services whose endpoints are each an address of its own on another node.
@Suite("Large services", .needsNamespaces, .serialized)
struct LargeServiceTests {
    /// Pearson's statistic against equal shares has a mean of 999 and a standard deviation of 44.7; 1,250 is exceeded by
    /// chance less than once in ten million runs. If a tenth of the endpoints got 1.5 times the share of the others, it
    /// would be 1,420 on average.
    @Test("A thousand endpoints get even shares of 20,000 connections")
    func spread() throws {
        let addresses = (0..<1000).map { "10.245.\($0 / 250).\($0 % 250 + 1)" }
        try withServers(addresses) { lab in
            let cluster = TestCluster(
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "udp 80/UDP"),
                    Manifests.slice("web", addresses, "udp 8080/UDP")))
            try lab.node.apply(try cluster.ruleset())
            let counts = try counts(lab, Probe(from: .node, to: "10.96.0.10", 80, .udp), 20_000)
            #expect(counts.count == 1000)
            #expect(chiSquare(counts, addresses) < 1250)
        }
    }

    private static let destinations: [(kind: String, address: String, port: UInt16)] = [
        ("a ClusterIP", "10.96.0.10", 80), ("a node port", "192.0.2.11", 30080), ("the policy Local", "10.96.0.20", 80),
    ]

    /// 236 slots of 300 are in maps of many. The statistic has a mean of 299 and a standard deviation of 24.5; 430 is
    /// exceeded by chance about once in a million runs. Were 44 of them never reached, it would be over 1,000.
    @Test(
        "Three hundred endpoints get even shares at every kind of address, also when one is another",
        arguments: IPFamily.allCases, destinations)
    func kinds(family: IPFamily, destination: (kind: String, address: String, port: UInt16)) throws {
        let addresses = (1...301).map { number in
            family == .ipv4 ? "10.245.\(number / 250).\(number % 250 + 1)" : "fd00:10:245::\(number)"
        }
        let probe = Probe(from: .node, to: destination.address.translated(to: family), destination.port, .udp)
        try withServers(addresses) { lab in
            let before = Array(addresses.dropLast())
            try lab.node.update(to: try ruleset(before, family))
            #expect(chiSquare(try counts(lab, probe, 6000), before) < 430)

            // The endpoint of the last slot is another from now on.
            let slots = try lab.node.read().tables.flatMap(\.sets).filter(\.isPage).flatMap(\.elements)
            guard case .target(let gone, _)? = slots.first(where: { $0.key.slot == 299 })?.value else {
                throw TestMistake(description: "nothing stands in slot 299")
            }
            let after = addresses.filter { address($0) != gone }
            try lab.node.update(to: try ruleset(after, family))
            let shares = try counts(lab, probe, 6000)
            #expect(shares[gone] == nil && shares[address(addresses[300])] ?? 0 > 0)
            #expect(chiSquare(shares, after) < 430)
        }
    }

    /// As in the instant in which endpoints go away.
    @Test("Connections whose slot has lost its endpoint get the first one, also from a map of many")
    func lostSlots() throws {
        let addresses = (0..<300).map { "10.245.\($0 / 250).\($0 % 250 + 1)" }
        try withServers(addresses) { lab in
            try lab.node.apply(try ruleset(addresses, .ipv4))
            for map in ["endpoints-7", "endpoints-256"] {
                _ = try lab.node.output("nft", "flush", "map", "ip", "ferrule", map)
            }
            let counts = try counts(lab, Probe(from: .node, to: "10.96.0.10", 80, .udp), 3000)
            #expect(counts.values.reduce(0, +) == 3000)
            #expect(Set(counts.keys).isDisjoint(with: ([7] + Array(256..<300)).map { address(addresses[$0]) }))
            // 460 on average, with a standard deviation of 20.
            #expect((340...580).contains(counts[address(addresses[0])] ?? 0))
        }
    }

    /// A service that serves a node port too, and one of the internal policy Local, with the same endpoints.
    private func ruleset(_ addresses: [String], _ family: IPFamily) throws -> Ruleset {
        let endpoints = addresses.map { "\($0) node-a" }
        let manifests = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "udp 80/UDP 30080"),
            Manifests.slice("web", endpoints, "udp 8080/UDP"),
            Manifests.service("local", "10.96.0.20", "udp 80/UDP", spec: "internalTrafficPolicy: Local"),
            Manifests.slice("local", endpoints, "udp 8080/UDP"))
        return try TestCluster(manifests.translated(to: family)).ruleset()
    }

    /// A lab in which these addresses serve UDP port 8080.
    private func withServers(_ addresses: [String], _ body: (Lab) throws -> Void) throws {
        var topology = Topology()
        topology.remote += addresses.map(NetworkLab.address)
        try Lab.with(topology) { lab in
            // Behind one neighbour: the kernel's table of those has 1,024 places, for all namespaces together.
            let isFour = topology.remote.last?.family == .ipv4
            let (neighbour, source) = isFour ? ("192.0.2.12", "192.0.2.11") : ("2001:db8::12", "2001:db8::11")
            let routes = addresses.map { "route replace \($0) via \(neighbour) dev uplink src \(source) onlink\n" }
            let routing = try lab.node.run(["ip", "-batch", "-"], input: routes.joined())
            #expect(routing.succeeded, "\(routing.standardError)")
            try lab.serve([8080], [.udp], on: addresses.map(NetworkLab.address))
            try body(lab)
        }
    }

    /// How many connections each server got.
    private func counts(_ lab: Lab, _ probe: Probe, _ connections: Int) throws -> [IPAddress: Int] {
        var counts: [IPAddress: Int] = [:]
        for _ in 0..<connections / 500 {
            for outcome in try lab.probe(Array(repeating: probe, count: 500), timeout: .seconds(2)) {
                counts[try #require(outcome.server, "\(outcome)"), default: 0] += 1
            }
        }
        return counts
    }

    /// Pearson's statistic against equal shares.
    private func chiSquare(_ counts: [IPAddress: Int], _ addresses: [String]) -> Double {
        let mean = Double(counts.values.reduce(0, +)) / Double(addresses.count)
        return addresses.reduce(0) { sum, text in
            let difference = Double(counts[address(text)] ?? 0) - mean
            return sum + difference * difference / mean
        }
    }
}
