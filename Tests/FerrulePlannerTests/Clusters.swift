// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import RandomClusters
import Testing

/// A small cluster whose parts a test changes.
struct TestCluster {
    var ports: [ResolvedPort] = []
    var podCIDRs: [Prefix] = []
    var serviceCIDRs: [Prefix] = []
    var nodeAddresses: [IPAddress] = [IPAddress(ipv4: 0xc000_020b)]
    var masqueradesAll = false
    var bit = 14

    /// - Parameter nodePortAddresses: nil: those of the cluster.
    func ruleset(nodePortAddresses: NodePortAddresses? = nil) throws -> Ruleset {
        var cluster = ResolvedCluster()
        cluster.ports = ports
        cluster.podTraffic = podCIDRs.isEmpty ? .unknown : .ranges(podCIDRs)
        cluster.serviceCIDRs = serviceCIDRs
        cluster.nodePortAddresses = [.ipv4: nodePortAddresses ?? .listed(nodeAddresses)]
        var options = CompilerOptions.forTests
        options.mark = try #require(Mark(bit: bit))
        options.masqueradeAll = masqueradesAll
        return RulesetCompiler.compile(cluster, options)
    }

    /// What changes from this cluster to another, which `change` makes of it.
    func difference(_ change: (inout TestCluster) throws -> Void) throws -> Difference {
        var other = self
        try change(&other)
        return try TestCluster.difference(ruleset(), other.ruleset())
    }

    static func difference(_ before: Ruleset, _ after: Ruleset) -> Difference {
        let plan = Planner.plan(from: before, to: after)
        return Difference(from: before, to: after, plan: plan)
    }

    /// A service port with endpoints 10.244.0.1, .2 and so on.
    static func port(_ number: Int, endpoints: Int) throws -> ResolvedPort {
        var port = ResolvedPort(
            namespace: "shop", service: "s-\(number)", name: "http", family: .ipv4, protocol: .tcp,
            port: try #require(Port(80)), clusterIP: IPAddress(ipv4: 0x0a60_0000 + UInt32(number)))
        port.endpoints.cluster = try targets(number, endpoints)
        return port
    }

    static func targets(_ number: Int, _ count: Int) throws -> [Endpoint] {
        let port = try #require(Port(8080))
        return (0..<count).map { Endpoint(IPAddress(ipv4: 0x0af4_0001 + UInt32(number * 256 + $0)), port) }
    }

    /// A cluster of services of all sorts.
    static func random(_ seed: Int) throws -> TestCluster {
        var generator = SeededGenerator(seed: UInt64(seed))
        var cluster = TestCluster()
        cluster.ports = try (1...20).map { number in
            var port = try port(number, endpoints: Int.random(in: 0...5, using: &generator))
            if Bool.random(using: &generator) { port.nodePort = Port(30_000 + number) }
            if Bool.random(using: &generator) { port.externalIPs = [IPAddress(ipv4: 0xc633_6400 + UInt32(number))] }
            if Bool.random(using: &generator) {
                port.balancerIPs = [IPAddress(ipv4: 0xcb00_7100 + UInt32(number))]
                port.sourceRanges = Bool.random(using: &generator) ? [try #require(Prefix("198.51.100.0/24"))] : nil
            }
            if Bool.random(using: &generator) { port.affinitySeconds = Int.random(in: 1...3, using: &generator) * 600 }
            if Bool.random(using: &generator) { port.externalPolicy = .local }
            if Bool.random(using: &generator) { port.internalPolicy = .local }
            port.endpoints.local = Array(port.endpoints.cluster.prefix(Int.random(in: 0...2, using: &generator)))
            return port
        }
        if Bool.random(using: &generator) { cluster.podCIDRs = [try #require(Prefix("10.244.0.0/16"))] }
        return cluster
    }
}

extension Plan {
    /// How many elements it adds and removes one by one.
    var elementOperations: Int {
        operations.reduce(0) { count, operation in
            switch operation {
            case .addElements(_, let set), .deleteElements(_, let set): count + set.elements.count
            default: count
            }
        }
    }
}
