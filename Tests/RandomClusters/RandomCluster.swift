// SPDX-License-Identifier: Apache-2.0
//
// RandomClusters: clusters that follow from a seed, for tests of what changes between two of them.

internal import FerruleCompiler
internal import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset
internal import FerruleTestSupport

/// Makes clusters of a few services with all that may differ: endpoints, policies, affinity, node ports, further
/// addresses, source ranges, in both families. Two of them have services in common that differ in any of it.
package struct RandomCluster {
    private var generator: SeededGenerator
    /// How many services there may be in each family.
    private let services: Int
    /// Numbers of endpoints of which one service in three has one.
    private let largeSizes: [Int]

    package init(seed: UInt64, services: Int = 6, largeSizes: [Int] = []) {
        generator = SeededGenerator(seed: seed)
        self.services = services
        self.largeSizes = largeSizes
    }

    package mutating func cluster() -> ResolvedCluster {
        var cluster = ResolvedCluster()
        cluster.podTraffic =
            chance(0.8)
            ? .ranges(podRanges(isWide: chance(0.3))) : chance(0.5) ? .unknown : .interface("cbr0")
        if chance(0.7) { cluster.serviceCIDRs = [prefix("10.96.0.0/16"), prefix("fd00:10:96::/112")] }
        for family in IPFamily.allCases {
            let known = [address(family, "192.0.2.11", "2001:db8::11"), address(family, "192.0.2.12", "2001:db8::12")]
            cluster.nodePortAddresses[family] =
                chance(0.8) ? .listed(Array(known.prefix(chance(0.5) ? 1 : 2))) : .all(known: known)
        }
        for number in 0..<services {
            for family in IPFamily.allCases where chance(0.75) { cluster.ports.append(port(number, family)) }
        }
        return cluster
    }

    /// The same cluster with other endpoints of one service, or another service in its place.
    package mutating func changed(_ cluster: ResolvedCluster) -> ResolvedCluster {
        var copy = cluster
        guard let index = copy.ports.indices.randomElement(using: &generator) else { return copy }
        let old = copy.ports[index]
        if chance(0.7) {
            copy.ports[index].endpoints = endpoints(old.family)
        } else {
            let number = Int(old.service.dropFirst("service-".count)) ?? 0
            copy.ports[index] = port(number, old.family)
        }
        return copy
    }

    private mutating func port(_ number: Int, _ family: IPFamily) -> ResolvedPort {
        var port = ResolvedPort(
            namespace: "test", service: "service-\(number)", name: "web", family: family,
            protocol: number % 3 == 2 ? .udp : .tcp, port: Self.port(80),
            clusterIP: IPAddress(family, bits: address(family, "10.96.0.10", "fd00:10:96::10").bits + UInt128(number)))
        port.externalIPs = chance(0.3) ? [further(family, 100 + number)] : []
        port.balancerIPs = chance(0.3) ? [further(family, 200 + number)] : []
        if chance(0.5) { port.sourceRanges = sourceRanges(family) }
        if chance(0.5) { port.nodePort = Self.port(30_000 + number) }
        port.internalPolicy = chance(0.2) ? .local : .cluster
        port.externalPolicy = chance(0.3) ? .local : .cluster
        if chance(0.3) { port.affinitySeconds = chance(0.5) ? 10_800 : 60 }
        port.endpoints = endpoints(family)
        return port
    }

    /// Up to eight endpoints out of twelve, the first of which are local; or a large number out of a few more.
    private mutating func endpoints(_ family: IPFamily) -> EndpointLists {
        let first = address(family, "10.244.0.10", "fd00:10:244::10").bits
        var (candidates, locals, count) = (12, 4, Int.random(in: 0...8, using: &generator))
        if !largeSizes.isEmpty, chance(0.33), let size = largeSizes.randomElement(using: &generator) {
            (candidates, locals, count) = (size + 12, chance(0.5) ? size : 4, size)
        }
        let all = (0..<candidates).map { Endpoint(IPAddress(family, bits: first + UInt128($0)), Self.port(8080)) }
        var lists = EndpointLists()
        lists.cluster = all.shuffled(using: &generator).prefix(count).sorted()
        lists.local = lists.cluster.filter { $0 < all[locals] }
        if lists.local.isEmpty, count > 0, chance(0.1) { lists.local = [all[0]] }
        lists.localAddresses = lists.local.map(\.address)
        lists.serving = Set(lists.cluster + lists.local).sorted()
        return lists
    }

    /// Disjoint and sorted, and nil rather than none, as the resolver makes them.
    private mutating func sourceRanges(_ family: IPFamily) -> [Prefix]? {
        let all =
            family == .ipv4
            ? ["10.0.0.0/8", "192.0.2.0/24", "198.51.100.7/32", "203.0.113.0/25"]
            : ["2001:db8::/48", "2001:db8:ffff::/64", "2001:db8:ffff:1::7/128", "fd00::/8"]
        let ranges = all.filter { _ in chance(0.5) }.map(prefix)
        return ranges.isEmpty ? nil : ranges
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }

    private func podRanges(isWide: Bool) -> [Prefix] {
        ((isWide ? ["10.9.0.0/16"] : []) + ["10.244.0.0/16", "fd00:10:244::/48"]).map(prefix)
    }

    private func further(_ family: IPFamily, _ number: Int) -> IPAddress {
        IPAddress(family, bits: address(family, "203.0.113.0", "2001:db8:ff::").bits + UInt128(number))
    }

    private func address(_ family: IPFamily, _ four: String, _ six: String) -> IPAddress {
        guard let address = IPAddress(family == .ipv4 ? four : six) else { preconditionFailure("\(four), \(six)") }
        return address
    }

    private func prefix(_ text: String) -> Prefix {
        guard let prefix = Prefix(text) else { preconditionFailure("\(text) is not a range") }
        return prefix
    }

    private static func port(_ number: Int) -> Port {
        guard let port = Port(number) else { preconditionFailure("\(number) is not a port") }
        return port
    }
}

extension ResolvedCluster {
    /// The ruleset, with the options of tests.
    package func ruleset() -> Ruleset { RulesetCompiler.compile(self, .forTests) }
}
