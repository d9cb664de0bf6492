// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// Which port of a service is which, before and after.
struct PortPairsTests {
    /// A service with ports of these names and numbers, each with endpoints of its own.
    private func cluster(_ ports: [(name: String, number: Int)], affinity: Int? = nil) throws -> TestCluster {
        var cluster = TestCluster()
        cluster.ports = try ports.map { name, number in
            var port = try TestCluster.port(1, endpoints: 2)
            (port.name, port.port, port.affinitySeconds) = (name, try #require(Port(number)), affinity)
            port.endpoints.cluster = try TestCluster.targets(number, 2)
            return port
        }
        return cluster
    }

    @Test("a port of another name at the same place is the same port")
    func renamed() throws {
        let before = try cluster([("web", 80), ("metrics", 90)])
        #expect(try before.difference { $0.ports[0].name = "http" }.isEmpty)
        #expect(try before.difference { ($0.ports[0].name, $0.ports[1].name) = ("metrics", "web") }.isEmpty)
        let other = try before.difference {
            $0.ports[0].name = "http"
            $0.ports[0].endpoints.cluster.removeLast()
        }
        #expect(other.services.map(\.name.label) == ["shop/s-1:http"])
        #expect(other.services[0].formerName?.label == "shop/s-1:web" && other.services[0].changes.count == 1)
    }

    @Test("clients that were remembered under the old name are forgotten")
    func affinity() throws {
        let difference = try cluster([("web", 80)], affinity: 600).difference { $0.ports[0].name = "http" }
        #expect(difference.services.flatMap(\.changes).map(\.kind) == [.affinityForgotten])
    }

    @Test("a port of the same name at another number has moved")
    func moved() throws {
        let difference = try cluster([("web", 80), ("metrics", 90)]).difference {
            $0.ports[0].port = try #require(Port(81))
        }
        #expect(difference.services.map(\.name.label) == ["shop/s-1:web"])
        guard case .moved(let from, let to)? = difference.services[0].changes.first?.kind else {
            Issue.record("\(difference)")
            return
        }
        #expect("\(from) \(to)" == "10.96.0.1:80/tcp 10.96.0.1:81/tcp")
    }

    @Test("with several external addresses each has moved to the same address")
    func movedExternal() throws {
        var before = try cluster([("web", 80)])
        before.ports[0].externalIPs = [IPAddress(ipv4: 0xc000_0250), IPAddress(ipv4: 0xc000_0251)]
        let difference = try before.difference { $0.ports[0].port = try #require(Port(81)) }
        let moves = difference.services.flatMap(\.changes).compactMap {
            if case .moved(let from, let to) = $0.kind { "\(from) \(to)" } else { nil }
        }
        #expect(
            moves == [
                "10.96.0.1:80/tcp 10.96.0.1:81/tcp", "192.0.2.80:80/tcp 192.0.2.80:81/tcp",
                "192.0.2.81:80/tcp 192.0.2.81:81/tcp",
            ])
    }

    @Test("a service counts once, and a port that comes or goes changes it")
    func counts() throws {
        let both = try cluster([("web", 80), ("metrics", 90)])
        let one = try cluster([("web", 80)])
        let nothing = TestCluster()
        #expect(try nothing.difference { $0 = both }.count(.add) == 1)
        #expect(try both.difference { $0 = nothing }.count(.remove) == 1)
        for difference in [try one.difference { $0 = both }, try both.difference { $0 = one }] {
            #expect(difference.count(.change) == 1 && difference.services.map(\.action) == [.change])
        }
    }

    @Test("another target port at the same addresses is told as such")
    func targetPort() throws {
        let before = try cluster([("web", 80)])
        let difference = try before.difference { other in
            let port = try #require(Port(9090))
            other.ports[0].endpoints.cluster = before.ports[0].endpoints.cluster.map { Endpoint($0.address, port) }
        }
        guard case .endpoints(let change)? = difference.services.first?.changes.first?.kind else {
            Issue.record("\(difference)")
            return
        }
        let ports = try #require(change.portChange)
        #expect(ports.before == Port(8080) && ports.after == Port(9090) && ports.addresses.count == 2)
        #expect(change.added.count == 2 && change.removed.count == 2 && difference.services[0].changes.count == 1)
    }

    @Test("an address and port that another service gets is said to pass to it")
    func passes() throws {
        let before = try cluster([("web", 80)])
        let difference = try before.difference { $0.ports[0].service = "other" }
        let closed = difference.services.filter { $0.action == .remove }.flatMap(\.changes)
        #expect(closed.map(\.successor?.label) == ["shop/other:web"] && closed.map(\.danger) == [.passes])
    }

    @Test("places that two services swap pass from each to the other")
    func swaps() throws {
        var before = TestCluster()
        before.ports = try (1...2).map { number in
            var port = try TestCluster.port(number, endpoints: 2)
            port.nodePort = Port(30_000 + number)
            return port
        }
        let swaps: [(inout TestCluster) -> Void] = [
            { ($0.ports[0].nodePort, $0.ports[1].nodePort) = ($0.ports[1].nodePort, $0.ports[0].nodePort) },
            { ($0.ports[0].clusterIP, $0.ports[1].clusterIP) = ($0.ports[1].clusterIP, $0.ports[0].clusterIP) },
        ]
        for swap in swaps {
            let changes = try before.difference(swap).services.map { $0.changes[0] }
            #expect(changes.map(\.successor?.label) == ["shop/s-2:http", "shop/s-1:http"])
            #expect(changes.map(\.danger) == [.passes, .passes])
        }
    }

    @Test("a new service may have the place that another has moved from")
    func movesAway() throws {
        var before = TestCluster()
        before.ports = [try TestCluster.port(1, endpoints: 2)]
        before.ports[0].nodePort = Port(30_001)
        let move = { (cluster: inout TestCluster) in cluster.ports[0].nodePort = Port(30_002) }
        let alone = try before.difference(move).services[0].changes[0]
        #expect(alone.successor == nil && alone.danger == .moves)
        let changes = try before.difference { after in
            move(&after)
            var new = try TestCluster.port(2, endpoints: 1)
            new.nodePort = Port(30_001)
            after.ports.append(new)
        }.services.first { $0.action == .change }?.changes
        #expect(changes?.map(\.successor?.label) == ["shop/s-2:http"] && changes?.map(\.danger) == [.passes])
    }
}
