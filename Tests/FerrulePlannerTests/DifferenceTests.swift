// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

struct DifferenceTests {
    private func cluster(endpoints: Int = 3, _ change: (inout ResolvedPort) throws -> Void = { _ in }) throws
        -> TestCluster
    {
        var cluster = TestCluster()
        var port = try TestCluster.port(1, endpoints: endpoints)
        try change(&port)
        cluster.ports = [port, try TestCluster.port(2, endpoints: 2)]
        return cluster
    }

    /// The kinds of change of the only service that changes.
    private func kinds(_ difference: Difference) throws -> [PortChange.Kind] {
        try #require(difference.services.count == 1)
        #expect(difference.services[0].action == .change && difference.services[0].name.label == "shop/s-1:http")
        return difference.services[0].changes.map(\.kind)
    }

    /// Another change comes first than the one that a test is about.
    private func unexpected(_ kinds: [PortChange.Kind], at location: SourceLocation = #_sourceLocation) {
        Issue.record("the changes are \(kinds)", sourceLocation: location)
    }

    @Test("a ruleset does not differ from itself", arguments: 1...20)
    func sameIsEmpty(seed: Int) throws {
        #expect(try TestCluster.random(seed).difference { _ in }.isEmpty)
    }

    @Test("another order of endpoints is no change, though elements differ", arguments: 1...20)
    func orderIsNoChange(seed: Int) throws {
        let cluster = try TestCluster.random(seed)
        let difference = try cluster.difference { other in
            for index in other.ports.indices {
                other.ports[index].endpoints.cluster.reverse()
                other.ports[index].endpoints.local.reverse()
            }
        }
        #expect(difference.isEmpty)
    }

    @Test("what comes one way goes the other way", arguments: 1...20)
    func reversal(seed: Int) throws {
        let (one, other) = (try TestCluster.random(seed).ruleset(), try TestCluster.random(seed + 1000).ruleset())
        let (there, back) = (TestCluster.difference(one, other), TestCluster.difference(other, one))
        #expect(!there.isEmpty)
        #expect(Set(there.services.map(\.name.label)) == Set(back.services.map(\.name.label)))
        let nothing = Ruleset(tables: one.tables.map { Table($0.name) }, summary: Summary())
        let all = TestCluster.difference(nothing, one)
        #expect(all.count(.add) == 20 && all.services.count == 20)
        #expect(TestCluster.difference(one, nothing).count(.remove) == 20)
    }

    @Test("each changed service is told and no other, however many there are", arguments: 1...8)
    func onlyChanged(seed: Int) throws {
        let cluster = try TestCluster.random(seed)
        for index in cluster.ports.indices where cluster.ports[index].endpoints.existAnywhere {
            let difference = try cluster.difference { other in
                other.ports[index].endpoints.cluster = try TestCluster.targets(99, 2)
                other.ports[index].endpoints.local = []
            }
            #expect(difference.services.map(\.name.label).allSatisfy { $0 == cluster.ports[index].label })
            let port = cluster.ports[index]
            let isDropped = port.internalPolicy == .local && port.endpoints.local.isEmpty
            #expect(difference.services.count == 1 || isDropped)
        }
    }

    @Test("looking at the services alone that differ finds what looking at all of them finds", arguments: 1...20)
    func selection(seed: Int) throws {
        let cluster = try TestCluster.random(seed)
        let other = try TestCluster.random(seed + 500)
        let number = seed % 20
        let change = { (changed: inout TestCluster) throws in
            changed.ports[number] = other.ports[number]
            changed.ports[19 - number].nodePort = Port(31_000)
        }
        let quick = try cluster.difference(change)
        // Another bit changes rules, so every service is looked at, and none of them differs by it.
        let whole = try cluster.difference {
            try change(&$0)
            $0.bit = 3
        }
        #expect(whole.settings.map(\.setting) == [.masqueradeBit])
        #expect(quick.services.map(\.name.label) == whole.services.map(\.name.label))
        #expect(quick.services.map { $0.changes.map(\.kind) } == whole.services.map { $0.changes.map(\.kind) })
    }

    @Test("an endpoint that comes or goes")
    func endpoints() throws {
        let difference = try cluster().difference { $0.ports[0].endpoints.cluster.remove(at: 1) }
        guard case .endpoints(let change)? = try kinds(difference).first else {
            return unexpected(try kinds(difference))
        }
        #expect(change.before == 3 && change.after == 2 && change.added == [])
        #expect(change.removed.map(\.description) == ["10.244.1.2:8080"])
        #expect(change.audiences == Audience.allCases)
        #expect(difference.dangerCount == 0)
    }

    @Test("an endpoint of hundreds is another, whatever part of the service is looked at")
    func endpointOfMany() throws {
        let newcomer = try TestCluster.targets(200, 1)
        let change = { (other: inout TestCluster) in
            other.ports[0].endpoints.cluster.replaceSubrange(290..<291, with: newcomer)
        }
        let cluster = try cluster(endpoints: 300) {
            $0.nodePort = Port(30_001)
            $0.endpoints.local = $0.endpoints.cluster
        }
        // Another bit changes rules, so every service is looked at.
        for bit in [14, 3] {
            let difference = try cluster.difference {
                change(&$0)
                $0.bit = bit
            }
            guard case .endpoints(let change)? = try kinds(difference).first else {
                return unexpected(try kinds(difference))
            }
            #expect(try kinds(difference).count == 1 && change.before == 300 && change.after == 300)
            #expect(change.removed.map(\.description) == ["10.244.2.35:8080"])
            #expect(change.added.map(\.description) == ["10.244.200.1:8080"])
        }
    }

    @Test("the last endpoint goes, and comes back")
    func lastEndpoint() throws {
        let lost = try cluster().difference {
            $0.ports[0].endpoints.cluster = []
        }
        #expect(lost.dangerCount == 1)
        #expect(try kinds(lost).contains(.answer(.everywhere(.served, .refused))))
        let back = try cluster(endpoints: 0).difference { $0.ports[0] = try TestCluster.port(1, endpoints: 1) }
        #expect(back.dangerCount == 0)
        #expect(try kinds(back).contains(.answer(.everywhere(.refused, .served))))
    }

    @Test("endpoints on other nodes alone: the policy Local drops")
    func internalLocal() throws {
        let difference = try cluster().difference { $0.ports[0].internalPolicy = .local }
        #expect(try kinds(difference).contains(.answer(.everywhere(.served, .dropped))))
        #expect(difference.dangerCount == 1)
    }

    @Test("affinity begins, changes and ends", arguments: [(nil, 600), (600, 1200), (600, nil)] as [(Int?, Int?)])
    func affinity(before: Int?, after: Int?) throws {
        let difference = try cluster {
            $0.affinitySeconds = before
            $0.nodePort = Port(30_001)
        }.difference { $0.ports[0].affinitySeconds = after }
        #expect(try kinds(difference) == [.affinity(before: before, after: after)])
        #expect(difference.services[0].changes[0].frontends.count == 2)
        #expect(difference.services[0].changes[0].isEverywhere)
    }

    @Test("affinity of a node port is told, though an address of the node without endpoints has the same number")
    func affinityBesideRefusal() throws {
        let cluster = try cluster {
            $0.affinitySeconds = 600
            $0.nodePort = Port(30_001)
        }
        var shadowed = cluster
        shadowed.ports[1].endpoints = EndpointLists()
        shadowed.ports[1].port = try #require(Port(30_001))
        shadowed.ports[1].externalIPs = shadowed.nodeAddresses
        for ranges in [nil, [try #require(Prefix("198.51.100.0/24"))]] {
            if ranges != nil {
                shadowed.ports[1].balancerIPs = shadowed.ports[1].externalIPs
                (shadowed.ports[1].externalIPs, shadowed.ports[1].sourceRanges) = ([], ranges)
            }
            let difference = try shadowed.difference { $0.ports[0].affinitySeconds = 1200 }
            #expect(try kinds(difference) == [.affinity(before: 600, after: 1200)])
            #expect(difference.services[0].changes[0].isEverywhere)
        }
    }

    @Test("a node port opens, moves and closes")
    func nodePort() throws {
        let opened = try cluster().difference { $0.ports[0].nodePort = Port(30_001) }
        guard case .opened(let view)? = try kinds(opened).first else { return unexpected(try kinds(opened)) }
        #expect(view.frontend.description == "node port 30001/tcp" && view.outside.endpoints.count == 3)
        #expect(view.outside.isMasqueraded && opened.dangerCount == 1)

        let served = try cluster { $0.nodePort = Port(30_001) }
        let moved = try served.difference { $0.ports[0].nodePort = Port(30_002) }
        guard case .moved(let from, let to)? = try kinds(moved).first else { return unexpected(try kinds(moved)) }
        #expect("\(from) \(to)" == "node port 30001/tcp node port 30002/tcp" && moved.dangerCount == 1)

        let closed = try served.difference { $0.ports[0].nodePort = nil }
        guard case .closed? = try kinds(closed).first else { return unexpected(try kinds(closed)) }
        #expect(closed.dangerCount == 1)
    }

    @Test("a ClusterIP moves, and with it an endpoint goes")
    func clusterIP() throws {
        let difference = try cluster().difference {
            $0.ports[0].clusterIP = IPAddress(ipv4: 0x0a60_00ff)
            $0.ports[0].endpoints.cluster.removeLast()
        }
        let kinds = try kinds(difference)
        guard case .moved(let from, let to)? = kinds.first else { return unexpected(kinds) }
        #expect("\(from) \(to)" == "10.96.0.1:80/tcp 10.96.0.255:80/tcp" && difference.dangerCount == 1)
        #expect(kinds.count == 2)
    }

    @Test("what serves nobody opens, closes, moves and widens without danger")
    func idle() throws {
        let idle = try cluster(endpoints: 0) {
            $0.nodePort = Port(30_001)
            $0.balancerIPs = [IPAddress(ipv4: 0xcb00_7101)]
            $0.sourceRanges = [try #require(Prefix("198.51.100.0/24"))]
        }
        let changes: [(inout TestCluster) -> Void] = [
            { $0.ports[0].nodePort = Port(30_002) }, { $0.ports[0].nodePort = nil }, { $0.ports[0].sourceRanges = nil },
            { $0.ports[0].externalIPs = [IPAddress(ipv4: 0xc633_6401)] }, { $0.ports.removeFirst() },
        ]
        for change in changes {
            let difference = try idle.difference(change)
            #expect(!difference.isEmpty && difference.dangerCount == 0, "\(difference)")
        }
    }

    @Test("first endpoints open what outside clients may use, and a deleted service loses its clients")
    func first() throws {
        let idle = try cluster(endpoints: 0) { $0.nodePort = Port(30_001) }
        let first = try idle.difference {
            $0.ports[0].endpoints.cluster = try TestCluster.targets(1, 1)
        }
        #expect(first.services[0].changes.compactMap(\.danger) == [.opens])
        let deleted = try cluster().difference { $0.ports.removeFirst() }
        #expect(deleted.services[0].action == .remove && deleted.services[0].changes.map(\.danger) == [.loses])
    }

    /// A service of both families, with a node port.
    private func dualStack() throws -> TestCluster {
        var cluster = try cluster { $0.nodePort = Port(30_001) }
        var port = cluster.ports[0]
        (port.family, port.clusterIP) = (.ipv6, IPAddress("fd00:96::1"))
        port.endpoints.cluster = [Endpoint(try #require(IPAddress("fd00:244::1")), try #require(Port(8080)))]
        cluster.ports.append(port)
        return cluster
    }

    @Test("what becomes of one family is told of a service that has another one too", arguments: [true, false])
    func families(isLost: Bool) throws {
        let whole = try dualStack()
        let compare = { (change: (inout TestCluster) -> Void) throws in
            var other = whole
            change(&other)
            let (one, two) = (try whole.ruleset(), try other.ruleset())
            return isLost ? TestCluster.difference(one, two) : TestCluster.difference(two, one)
        }
        let endpoints = try compare { $0.ports[2].endpoints = EndpointLists() }
        let answer = AnswerChange.everywhere(isLost ? .served : .refused, isLost ? .refused : .served)
        #expect(try kinds(endpoints).contains(.answer(answer)) && endpoints.reach.isEmpty)
        #expect(endpoints.services[0].changes.map(\.family) == [.ipv6, .ipv6])
        #expect(endpoints.services[0].changes.allSatisfy(\.isEverywhere) && endpoints.dangerCount == 1)
        let all = try compare { $0.ports.remove(at: 2) }
        let isOpening = try kinds(all).map { if case .opened = $0 { true } else { false } }
        #expect(isOpening == [!isLost, !isLost] && all.reach.isEmpty)
        #expect(all.count(.change) == 1 && all.count(.add) + all.count(.remove) == 0)
    }

    @Test("a ClusterIP that becomes an external address opens, and the way back is lost to the outside")
    func kindOfAddress() throws {
        let cluster = try cluster()
        let outward = { (other: inout TestCluster) throws in
            other.ports[0].externalIPs = [IPAddress(ipv4: 0x0a60_0001)]
            other.ports[0].clusterIP = IPAddress(ipv4: 0x0a60_00ff)
        }
        var other = cluster
        try outward(&other)
        let opened = try cluster.difference(outward)
        let dangers = opened.services[0].changes.filter(\.isDangerous)
        #expect(dangers.map(\.danger) == [.opens] && dangers.map(\.frontends[0].kind) == [.externalAddress])
        #expect(opened.reach.map(\.isGain) == [true])
        let closed = TestCluster.difference(try other.ruleset(), try cluster.ruleset())
        let losses = closed.services[0].changes.filter { $0.frontends[0].address == IPAddress(ipv4: 0x0a60_0001) }
        #expect(losses.map(\.danger) == [.loses] && losses.allSatisfy { $0.successor == nil })
        other.ports[0].endpoints = EndpointLists()
        let idle = TestCluster.difference(try other.ruleset(), try cluster.ruleset())
        #expect(idle.dangerCount == 0)
    }

    @Test("an external address opens")
    func externalAddress() throws {
        let difference = try cluster().difference { $0.ports[0].externalIPs = [IPAddress(ipv4: 0xc633_6401)] }
        guard case .opened(let view)? = try kinds(difference).first else { return unexpected(try kinds(difference)) }
        #expect(view.frontend.kind == .externalAddress && difference.dangerCount == 1)
    }

    @Test("an endpoint that somebody took out of the kernel is told, and that the others were asked more often")
    func shares() throws {
        let wanted = try cluster { $0.nodePort = Port(30_001) }.ruleset()
        var actual = wanted
        let last = SetPurpose.endpoints(SlotScope(isNodePort: false, isLocal: false), slot: 2)
        let place = try #require(actual.tables[0].sets.firstIndex { $0.purpose == last })
        actual.tables[0].sets[place].elements = []
        for (before, after, areEqual) in [(actual, wanted, true), (wanted, actual, false)] {
            let kinds = try kinds(TestCluster.difference(before, after))
            #expect(kinds.count == 2 && kinds.contains(.shares(Audience.allCases, areEqual: areEqual)))
        }
    }

    @Test("outside clients are held to the node's endpoints")
    func externalPolicy() throws {
        let difference = try cluster {
            $0.nodePort = Port(30_001)
            $0.endpoints.local = [$0.endpoints.cluster[0]]
        }.difference { $0.ports[0].externalPolicy = .local }
        let kinds = try kinds(difference)
        #expect(kinds.contains(.externalLocalPolicy(before: false, after: true)))
        let audiences = kinds.compactMap { if case .endpoints(let change) = $0 { change.audiences } else { nil } }
        // Without pod ranges pods are not told from others.
        #expect(audiences == [[.pods, .outside]])
        #expect(kinds.count == 2)
    }

    @Test(
        "source ranges widen, narrow and go",
        arguments: [
            (["198.51.100.0/24"], ["198.51.0.0/16"], .widens), (["198.51.0.0/16"], ["198.51.100.0/24"], .narrows),
            (["198.51.100.0/24"], nil, .widens), (nil, ["198.51.100.0/24"], .narrows),
            (["10.0.0.0/8"], ["10.0.0.0/9", "10.128.0.0/9"], nil),
            (["10.0.0.0/17", "10.0.128.0/18", "10.0.192.0/18"], ["10.0.0.0/16"], nil),
            (["10.0.128.0/17", "10.1.0.0/17"], ["10.0.0.0/15"], .widens),
            (["100.64.0.0/16"], ["192.168.1.0/24"], .widens), (["198.51.100.0/24"], [], .narrows), ([], nil, .widens),
        ] as [([String]?, [String]?, PortChange.Danger?)])
    func sourceRanges(before: [String]?, after: [String]?, danger: PortChange.Danger?) throws {
        let ranges = { (texts: [String]?) in texts?.compactMap { Prefix($0) } }
        let difference = try cluster {
            $0.balancerIPs = [IPAddress(ipv4: 0xcb00_7101)]
            $0.sourceRanges = ranges(before)
        }.difference { $0.ports[0].sourceRanges = ranges(after) }
        #expect(try kinds(difference) == [.sourceRanges(before: ranges(before), after: ranges(after))])
        #expect(difference.services[0].changes.map(\.danger) == [danger])
    }

    @Test("what the rules let in for the node's sake is no source range")
    func sourcesOfNode() throws {
        let ranges = [try #require(Prefix("192.0.2.0/24"))]
        let difference = try cluster { $0.balancerIPs = [IPAddress(ipv4: 0xcb00_7101)] }.difference {
            ($0.ports[0].sourceRanges, $0.ports[0].sourcesHoldNode) = (ranges, true)
        }
        #expect(try kinds(difference) == [.sourceRanges(before: nil, after: ranges)])
    }
}

extension AnswerChange {
    fileprivate static func everywhere(_ before: Route.Answer, _ after: Route.Answer) -> AnswerChange {
        AnswerChange(before: before, after: after, audiences: Audience.allCases)
    }
}
