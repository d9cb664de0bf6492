// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

@Suite("Large services", .needsNamespaces)
struct LargeServiceTests {
    /// 1,000 endpoints, each an address of its own on another node.
    private static let addresses = (0..<1000).map { "10.245.\($0 / 250).\($0 % 250 + 1)" }

    private var topology: Topology {
        var topology = Topology()
        topology.remote += Self.addresses.map(NetworkLab.address)
        return topology
    }

    /// Pearson's statistic against equal shares has a mean of 999 and a standard deviation of 44.7; 1,250 is exceeded by
    /// chance less than once in ten million runs. If a tenth of the endpoints got 1.5 times the share of the others, it
    /// would be 1,420 on average.
    @Test("A thousand endpoints get even shares of 20,000 connections")
    func spread() throws {
        try Lab.with(topology) { lab in
            // Behind one neighbour: the kernel's table of those has 1,024 places, for all namespaces together.
            let routes = Self.addresses.map { "route replace \($0)/32 via 192.0.2.12 dev uplink src 192.0.2.11 onlink" }
            let routing = try lab.node.run(["ip", "-batch", "-"], input: routes.joined(separator: "\n") + "\n")
            #expect(routing.succeeded, "\(routing.standardError)")
            try lab.serve([8080], [.udp], on: Self.addresses.map(NetworkLab.address))
            let cluster = TestCluster(
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "udp 80/UDP"),
                    Manifests.slice("web", Self.addresses, "udp 8080/UDP")))
            try lab.node.apply(try cluster.ruleset())
            let probes = Array(repeating: Probe(from: .node, to: "10.96.0.10", 80, .udp), count: 500)
            var counts: [IPAddress: Int] = [:]
            for _ in 0..<40 {
                for outcome in try lab.probe(probes, timeout: .seconds(2)) {
                    counts[try #require(outcome.server, "\(outcome)"), default: 0] += 1
                }
            }
            let statistic = Self.addresses.reduce(0.0) { sum, text in
                let difference = Double(counts[address(text)] ?? 0) - 20
                return sum + difference * difference / 20
            }
            #expect(counts.count == 1000)
            #expect(statistic < 1250)
        }
    }
}
