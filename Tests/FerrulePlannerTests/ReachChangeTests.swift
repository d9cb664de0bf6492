// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// Who can reach what, before and after.
struct ReachChangeTests {
    private static let balancer = IPAddress(ipv4: 0xcb00_710a)

    private func cluster(_ change: (inout ResolvedPort) throws -> Void = { _ in }) throws -> TestCluster {
        var cluster = TestCluster()
        cluster.podCIDRs = [try #require(Prefix("10.244.0.0/16"))]
        var port = try TestCluster.port(1, endpoints: 2)
        try change(&port)
        cluster.ports = [port]
        return cluster
    }

    private func ranges(_ texts: [String]) -> [Prefix] { texts.compactMap { Prefix($0) } }

    /// `+ outside at node port 30001/tcp (pods, nodes)`
    private func words(_ difference: Difference) -> [String] {
        difference.reach.map { change in
            let list = { (texts: [String]) in texts.joined(separator: ", ") }
            return "\(change.isGain ? "+" : "-") \(list(change.clients.map { "\($0)" })) at "
                + "\(list(change.frontends.map(\.description))) (\(list(change.others.map { "\($0)" })))"
        }
    }

    @Test("a node port lets clients outside in, and nobody else who could not get in before")
    func nodePort() throws {
        let cluster = try cluster()
        let opened = try cluster.difference { $0.ports[0].nodePort = Port(30_001) }
        #expect(words(opened) == ["+ outside at node port 30001/tcp (pods, nodes)"])
        #expect(opened.reach[0].service.label == "shop/s-1:http" && opened.reach[0].port?.number == 80)
        let closed = try self.cluster { $0.nodePort = Port(30_001) }.difference { $0.ports[0].nodePort = nil }
        #expect(words(closed) == ["- outside at node port 30001/tcp (pods, nodes)"])
    }

    @Test("a node port that is served at no address lets nobody in")
    func nowhere() throws {
        var cluster = try cluster()
        cluster.nodeAddresses = []
        let opened = try cluster.difference { $0.ports[0].nodePort = Port(30_001) }
        #expect(opened.services.count == 1 && opened.reach.isEmpty)
    }

    @Test("another way in, other endpoints or another policy let in nobody new")
    func sameClients() throws {
        let cluster = try cluster {
            $0.nodePort = Port(30_001)
            $0.endpoints.local = [$0.endpoints.cluster[0]]
        }
        let changes: [(inout TestCluster) throws -> Void] = [
            { $0.ports[0].externalIPs = [Self.balancer] }, { $0.ports[0].endpoints.cluster.removeLast() },
            { $0.ports[0].externalPolicy = .local }, { $0.ports[0].affinitySeconds = 600 },
            { $0.ports[0].nodePort = Port(30_002) },
        ]
        for change in changes {
            let difference = try cluster.difference(change)
            #expect(difference.services.count == 1 && words(difference) == [])
        }
    }

    @Test("the first endpoints let everybody in, the last one's end nobody")
    func endpoints() throws {
        let served = try cluster { $0.nodePort = Port(30_001) }
        let lost = try served.difference { $0.ports[0].endpoints = EndpointLists() }
        let expected = [
            "- outside at node port 30001/tcp ()", "- pods, nodes at 10.96.0.1:80/tcp, node port 30001/tcp ()",
        ]
        #expect(words(lost) == expected)
        let idle = try cluster {
            $0.nodePort = Port(30_001)
            $0.endpoints = EndpointLists()
        }
        let gained = try idle.difference { $0.ports[0].endpoints = served.ports[0].endpoints }
        #expect(words(gained) == expected.map { $0.replacing("- ", with: "+ ", maxReplacements: 1) })
    }

    @Test("lists of sources let in ranges, as far as others did not before")
    func sourceRanges() throws {
        let cluster = { (texts: [String]?) in
            try self.cluster {
                $0.balancerIPs = [Self.balancer]
                $0.sourceRanges = texts.map(self.ranges)
            }
        }
        let change = { (before: [String]?, after: [String]?) in
            self.words(try cluster(before).difference { $0.ports[0].sourceRanges = after.map(self.ranges) })
        }
        let place = "at 203.0.113.10:80/tcp"
        #expect(
            try change(["192.0.2.0/24", "198.51.100.0/24"], ["198.51.0.0/16"]) == [
                "+ range(198.51.0.0/16) \(place) (pods, nodes, range(192.0.2.0/24), range(198.51.100.0/24))",
                "- range(192.0.2.0/24) \(place) (pods, nodes, range(198.51.0.0/16))",
            ])
        #expect(try change(["10.0.0.0/8"], ["10.0.0.0/9", "10.128.0.0/9"]) == [])
        #expect(try change(["198.51.100.0/24"], nil) == ["+ outside \(place) (pods, nodes, range(198.51.100.0/24))"])
        #expect(try change(nil, ["198.51.100.0/24"]) == ["- outside \(place) (pods, nodes, range(198.51.100.0/24))"])
    }

    @Test("an address that passes to another service is gained by the one and lost by the other")
    func passes() throws {
        let difference = try cluster().difference { $0.ports[0].service = "other" }
        #expect(
            difference.reach.map { "\($0.isGain) \($0.service.label)" } == [
                "true shop/other:http", "false shop/s-1:http",
            ])
    }

    @Test("a node port that an address of the node hides is reached by nobody")
    func hidden() throws {
        var cluster = try cluster { $0.nodePort = Port(30_001) }
        var other = try TestCluster.port(2, endpoints: 1)
        other.port = try #require(Port(30_001))
        cluster.ports.append(other)
        let difference = try cluster.difference { $0.ports[1].externalIPs = $0.nodeAddresses }
        #expect(
            words(difference) == [
                "+ outside at 192.0.2.11:30001/tcp (pods, nodes)", "- outside at node port 30001/tcp (pods, nodes)",
            ])
    }
}
