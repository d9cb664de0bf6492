// SPDX-License-Identifier: Apache-2.0

import FerruleIPTables
import FerruleNetwork
import FerruleResolution
import IPTablesWalk
import RandomClusters
import Testing

/// What chance gives to endpoints, and how many rules that takes.
@Suite("Shares and ways")
struct SharesTests {
    private func walk(_ cluster: ResolvedCluster, service: Int = 0) throws -> IPTablesWalk {
        let clusterIP = try #require(cluster.ports[service].clusterIP)
        let packet = IPTablesWalk.Packet(from: IPAddress(ipv4: 0x0a09_0909), to: clusterIP, 80)
        return IPTablesWalk(packet, cluster.iptables()[.nat])
    }

    @Test(
        "Every endpoint has the same share, to a ten millionth of it",
        arguments: [1, 2, 3, 15, 16, 17, 100, 1000, 5000])
    func shares(count: Int) throws {
        let walk = try walk(.services(1, endpoints: count))
        #expect(walk.shares.count == count)
        #expect(walk.untranslated < 1e-12)
        let errors = walk.shares.values.map { abs($0 * Double(count) - 1) }
        // Documented in docs/iptables.md.
        #expect(try #require(errors.max()) < 1e-7)
    }

    @Test("A packet meets tens of rules among ten thousand services", arguments: [false, true])
    func ways(isSpread: Bool) throws {
        let cluster = ResolvedCluster.services(10_001, endpoints: 10, isSpread: isSpread)
        let table = cluster.iptables()[.nat]
        let chains = Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0.rules) })
        var (most, sum, strays) = (0, 0.0, 0)
        let asked = stride(from: 0, to: 10_001, by: 9).map { cluster.services[$0].ports[0] }
        for port in asked {
            let clusterIP = try #require(port.clusterIP)
            let packet = IPTablesWalk.Packet(from: IPAddress(ipv4: 0x0a09_0909), to: clusterIP, 80)
            let walk = IPTablesWalk(packet, chains, table.jumps["PREROUTING"])
            if Set(walk.shares.keys) != Set(port.endpoints.cluster) { strays += 1 }
            most = max(most, walk.mostRules)
            sum += walk.meanRules
        }
        #expect(strays == 0)
        #expect(most < 85, "\(most)")
        #expect(sum / Double(asked.count) < 45, "\(sum / Double(asked.count))")
    }

    @Test("No chain has many more rules than sixteen, and names are short enough")
    func chains() {
        var cluster = ResolvedCluster.services(3000, endpoints: 3, isSpread: true)
        var ports = cluster.ports
        for number in 0..<2000 { ports[number].nodePort = ResolvedCluster.port(30_000 + number) }
        var large = ResolvedCluster.services(1, endpoints: 5000).ports[0]
        (large.service, large.clusterIP) = ("large", IPAddress(ipv4: 0xac1f_0001))
        cluster.ports = ports + [large]
        let ruleset = cluster.iptables()
        for table in ruleset.tables {
            #expect(table.chains.allSatisfy { $0.rules.count <= 20 && !$0.rules.isEmpty })
            let names = table.chains.map(\.name.text)
            #expect(Set(names).count == names.count)
            #expect(names.allSatisfy { $0.utf8.count <= 28 && $0.hasPrefix("FERRULE-") })
        }
    }

    @Test("An endpoint or a service more changes few chains")
    func stability() throws {
        func changed(_ before: ResolvedCluster, _ after: ResolvedCluster) -> Int {
            let change = IPTablesChange(from: StandingIPTables(before.iptables().saved, .ipv4), to: after.iptables())
            return change.tables.reduce(0) { $0 + $1.added.count + $1.rewritten.count + $1.removed.count }
        }
        var one = ResolvedCluster.services(1, endpoints: 5000)
        let before = one
        one.ports[0].endpoints.cluster.removeFirst()
        #expect((1...4).contains(changed(before, one)))
        let many = ResolvedCluster.services(3000, endpoints: 2, isSpread: true)
        let more = ResolvedCluster.services(3001, endpoints: 2, isSpread: true)
        #expect((3...7).contains(changed(many, more)))
    }
}
