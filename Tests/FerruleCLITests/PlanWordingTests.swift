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
}
