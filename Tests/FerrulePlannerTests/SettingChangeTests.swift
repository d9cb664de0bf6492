// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

struct SettingChangeTests {
    private func cluster() throws -> TestCluster {
        var cluster = TestCluster()
        cluster.ports = [try TestCluster.port(1, endpoints: 2)]
        cluster.ports[0].nodePort = Port(30_001)
        cluster.ports[0].externalPolicy = .local
        cluster.podCIDRs = [try #require(Prefix("10.244.0.0/16"))]
        return cluster
    }

    private func settings(_ difference: Difference) -> [SettingChange.Setting] {
        #expect(difference.services.isEmpty)
        return difference.settings.map(\.setting)
    }

    @Test("each setting is told")
    func tellsSettings() throws {
        let cluster = try cluster()
        #expect(
            settings(try cluster.difference { $0.serviceCIDRs = [try #require(Prefix("10.96.0.0/12"))] })
                == [.serviceCIDRs])
        #expect(
            settings(try cluster.difference { $0.podCIDRs = [try #require(Prefix("10.0.0.0/8"))] }) == [.podTraffic])
        #expect(settings(try cluster.difference { $0.masqueradesAll = true }) == [.masqueradeAll])
        let bit = try cluster.difference { $0.bit = 15 }
        #expect(settings(bit) == [.masqueradeBit])
        #expect(bit.settings.map { $0.before + $0.after } == [["14", "15"]])
    }

    @Test(
        "service ranges that reach further are dangerous: there is dropped what was left alone",
        arguments: [
            (["10.96.0.0/16"], ["10.0.0.0/8"], .loses), ([], ["10.96.0.0/16"], .loses),
            (["10.0.0.0/8"], ["10.96.0.0/16"], nil), (["10.96.0.0/17", "10.96.128.0/17"], ["10.96.0.0/16"], nil),
            (["10.96.0.0/16"], [], nil),
        ] as [([String], [String], PortChange.Danger?)])
    func serviceRanges(before: [String], after: [String], danger: PortChange.Danger?) throws {
        var cluster = try cluster()
        cluster.serviceCIDRs = before.compactMap { Prefix($0) }
        let difference = try cluster.difference { $0.serviceCIDRs = after.compactMap { Prefix($0) } }
        #expect(settings(difference) == [.serviceCIDRs] && difference.settings[0].danger == danger)
    }

    @Test("where there was no table, no range is wider than before")
    func firstServiceRanges() throws {
        var cluster = try cluster()
        cluster.serviceCIDRs = [try #require(Prefix("10.96.0.0/16"))]
        let ruleset = try cluster.ruleset()
        let nothing = Ruleset(tables: ruleset.tables.map { Table($0.name) }, summary: Summary())
        #expect(TestCluster.difference(nothing, ruleset).settings.map(\.danger) == [nil])
    }

    @Test(
        "pods in a range that is none of pods any more lose what clients outside do not find",
        arguments: [
            (["10.244.0.0/16"], ["10.245.0.0/16"], true), (["10.244.0.0/16"], ["10.244.0.0/17"], true),
            (["10.244.1.0/24", "10.244.2.0/24"], ["10.244.2.0/24"], true),
            (["10.244.1.0/24"], ["10.244.0.0/20"], false),
            (["10.244.0.0/16"], ["10.244.0.0/17", "10.244.128.0/17"], false),
            (["10.244.1.0/24"], ["10.244.1.0/24", "10.245.0.0/16"], false),
        ])
    func podRanges(before: [String], after: [String], isDangerous: Bool) throws {
        var cluster = try cluster()
        cluster.podCIDRs = before.compactMap { Prefix($0) }
        let difference = try cluster.difference { $0.podCIDRs = after.compactMap { Prefix($0) } }
        #expect(settings(difference) == [.podTraffic])
        #expect(difference.settings.map(\.isDangerous) == [isDangerous])
        #expect(difference.dangerCount == (isDangerous ? 1 : 0))
    }

    /// Whether it is dangerous that pods are in another range, of a cluster whose only service port is changed.
    private func losesPods(nodes: KnownNodes = KnownNodes(), _ change: (inout ResolvedPort) throws -> Void) throws
        -> [Bool]
    {
        var cluster = try cluster()
        try change(&cluster.ports[0])
        var other = cluster
        other.podCIDRs = [try #require(Prefix("10.245.0.0/16"))]
        let difference = Difference(from: try cluster.ruleset(), to: try other.ruleset(), nodes: nodes, plan: Plan())
        #expect(settings(difference) == [.podTraffic])
        return difference.settings.map(\.isDangerous)
    }

    @Test("another range of pods takes nothing where clients outside find what pods find, or where the node is gone")
    func harmlessPodRanges() throws {
        #expect(try losesPods { _ in } == [true])
        let external = IPAddress(ipv4: 0xc633_6401)
        #expect(try losesPods { ($0.nodePort, $0.externalIPs) = (nil, [external]) } == [true])
        #expect(try losesPods { $0.externalPolicy = .cluster } == [false])
        #expect(try losesPods { $0.nodePort = nil } == [false])
        #expect(try losesPods { $0.endpoints.cluster = [] } == [false])
        #expect(try losesPods { $0.endpoints.local = $0.endpoints.cluster } == [false])
        #expect(try losesPods(nodes: KnownNodes(gone: [.node("node-b")])) { _ in } == [false])
    }

    @Test("another range of pods is told beside another way to masquerade")
    func podRangesBesideMasquerade() throws {
        let difference = try cluster().difference { other in
            other.masqueradesAll = true
            other.podCIDRs = [try #require(Prefix("10.245.0.0/16"))]
        }
        #expect(settings(difference) == [.podTraffic, .masqueradeAll])
        #expect(difference.settings.map(\.isDangerous) == [true, false])
    }

    @Test("another address that node ports open at is dangerous, and one where they close")
    func nodePortAddresses() throws {
        let cluster = try cluster()
        let more = try cluster.difference { $0.nodeAddresses.append(IPAddress(ipv4: 0xc000_020c)) }
        #expect(settings(more) == [.nodePortAddresses] && more.settings[0].danger == .opens)
        let less = try cluster.difference { $0.nodeAddresses = [] }
        #expect(settings(less) == [.nodePortAddresses] && less.settings[0].danger == .loses)
    }

    @Test("other addresses of one node are told with its name, and only where node ports are served")
    func nodePortsOfANode() throws {
        let cluster = try cluster()
        let moves = NodePortPlaces(node: "node-a", family: .ipv4, before: ["192.0.2.11"], after: ["192.0.2.12"])
        let closes = NodePortPlaces(node: "node-b", family: .ipv4, before: nil, after: ["192.0.2.12"])
        let same = NodePortPlaces(node: "node-c", family: .ipv4, before: nil, after: nil)
        let narrows = NodePortPlaces(node: "node-d", family: .ipv4, before: ["10.0.0.0/8"], after: ["10.1.0.0/16"])
        let settings = { (ruleset: Ruleset) in
            Difference(from: ruleset, to: ruleset, nodePorts: [moves, closes, same, narrows], plan: Plan()).settings
        }
        let found = settings(try cluster.ruleset())
        #expect(found.map(\.node) == ["node-a", "node-b", "node-d"])
        #expect(found.map(\.danger) == [.moves, .loses, .loses])
        #expect(found[1].before == ["every address of the node"] && found[1].after == ["192.0.2.12"])
        var other = cluster
        other.ports[0].nodePort = nil
        #expect(settings(try other.ruleset()).map(\.danger) == [nil, nil, nil])
    }

    @Test("services that the kernel does not lead packets to are none")
    func missingHook() throws {
        let wanted = try cluster().ruleset()
        var actual = wanted
        actual.tables[0].chains.removeAll { $0.base?.hook == .prerouting }
        #expect(TestCluster.difference(actual, wanted).count(.add) == 1)
    }

    @Test("a rule that somebody removed or added is put right")
    func rules() throws {
        let wanted = try cluster().ruleset()
        var actual = wanted
        let masquerade = try #require(actual.tables[0].chains.firstIndex { $0.base?.hook == .postrouting })
        actual.tables[0].chains[masquerade].rules.removeLast()
        let removed = TestCluster.difference(actual, wanted)
        #expect(settings(removed) == [.rules] && removed.drift == [])
        actual.tables[0].chains[masquerade] = wanted.tables[0].chains[masquerade]
        actual.tables[0].chains[masquerade].foreignRules.append(ForeignRule("counter", at: 0))
        let added = TestCluster.difference(actual, wanted)
        #expect(settings(added) == [] && added.drift.count == 1 && !added.isEmpty)
    }
}
