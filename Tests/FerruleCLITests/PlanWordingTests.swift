// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

@testable import FerruleCLI

struct PlanWordingTests {
    @Test("a place that no service's name stands at is called once")
    func nameless() throws {
        var cluster = ResolvedCluster()
        var port = ResolvedPort(
            namespace: "shop", service: "web", name: "", family: .ipv4, protocol: .tcp, port: try #require(Port(80)),
            clusterIP: IPAddress(ipv4: 0x0a60_0050))
        port.nodePort = Port(30_080)
        cluster.ports = [port]
        let wanted = cluster.ruleset()
        var actual = wanted
        let map = try #require(actual.tables[0].sets.firstIndex { $0.purpose == .nodePorts })
        actual.tables[0].sets[map].elements.append(
            Element(.port(.tcp, try #require(Port(31_000))), .verdict(.drop)))
        let difference = Difference(from: actual, to: wanted, plan: Planner.plan(from: actual, to: wanted))
        let wording = PlanWording(
            before: PlanOrigins(), after: PlanOrigins(), isAboutAllNodes: false, nodes: KnownNodes())
        let found = difference.services.map { service in
            "\(service.name.label) " + wording.lines(service, limit: 1).map(\.text).joined(separator: "; ")
        }
        #expect(found == ["node port 31000/tcp bears no service's name"])
    }

    /// Pod ranges 10.0.1.0/24, 10.0.2.0/24 and so on.
    private func podTraffic(_ before: Range<Int>, _ after: Range<Int>) throws -> [String] {
        let port = ResolvedPort(
            namespace: "shop", service: "web", name: "", family: .ipv4, protocol: .tcp, port: try #require(Port(80)),
            clusterIP: IPAddress(ipv4: 0x0a60_0050))
        let rulesets = [before, after].map { numbers in
            var cluster = ResolvedCluster()
            cluster.ports = [port]
            cluster.podTraffic = .ranges(numbers.compactMap { Prefix("10.0.\($0).0/24") })
            return cluster.ruleset()
        }
        let plan = Planner.plan(from: rulesets[0], to: rulesets[1])
        return Difference(from: rulesets[0], to: rulesets[1], plan: plan).settings.map(\.line.text)
    }

    @Test(
        "of many ranges it is said which come and go, and of these the first six",
        arguments: [
            (1..<2, 1..<3, "10.0.1.0/24 -> 10.0.1.0/24, 10.0.2.0/24"),
            (1..<100, 1..<101, "99 -> 100 (+ 10.0.100.0/24)"),
            (1..<100, 2..<101, "99 -> 99 (- 10.0.1.0/24, + 10.0.100.0/24)"),
            (
                1..<11, 9..<11,
                "10 -> 2 (- 10.0.1.0/24, - 10.0.2.0/24, - 10.0.3.0/24, - 10.0.4.0/24, - 10.0.5.0/24, - 10.0.6.0/24 "
                    + "and 2 more)"
            ),
        ])
    func manyRanges(before: Range<Int>, after: Range<Int>, words: String) throws {
        #expect(try podTraffic(before, after) == ["pod traffic IPv4: \(words)"])
    }
}
