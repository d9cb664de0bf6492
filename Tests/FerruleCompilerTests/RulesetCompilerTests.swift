// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNFTText
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Testing

struct RulesetCompilerTests {
    private func compile(_ ports: [ResolvedPort], families: [IPFamily] = [.ipv4]) throws -> Ruleset {
        var cluster = ResolvedCluster()
        cluster.ports = ports
        cluster.serviceCount = ports.count
        var options = CompilerOptions(mark: try #require(Mark(bit: 14)))
        options.families = families
        return RulesetCompiler.compile(cluster, options)
    }

    /// A service port with a ClusterIP of a number, and as many endpoints as wanted.
    private func port(_ number: Int, endpoints: Int, change: (inout ResolvedPort) -> Void = { _ in }) throws
        -> ResolvedPort
    {
        var port = ResolvedPort(
            namespace: "default", service: "s-\(number)", name: "http", family: .ipv4, protocol: .tcp,
            port: try #require(Port(80)), clusterIP: IPAddress(ipv4: 0x0a60_0000 + UInt32(number)))
        let target = try #require(Port(8080))
        port.endpoints.cluster = (0..<endpoints).map {
            Target(IPAddress(ipv4: 0x0af4_0000 + UInt32(number * 8 + $0)), target)
        }
        port.endpoints.existAnywhere = endpoints > 0
        change(&port)
        return port
    }

    private func set(_ name: String, of ruleset: Ruleset) throws -> SetDefinition {
        try #require(ruleset.tables[0].sets.first { $0.name.description == name })
    }

    @Test("chains, rules and sets do not grow with the number of services")
    func objectsAreFew() throws {
        let counts = try [10, 10_000].map { services in
            let ports = try (1...services).map { number in
                try port(number, endpoints: number % 6) { $0.nodePort = number % 2 == 0 ? Port(30_000 + number) : nil }
            }
            let table = try compile(ports).tables[0]
            return [table.sets.count, table.chains.count, table.chains.reduce(0) { $0 + $1.rules.count }]
        }
        #expect(counts[0] == counts[1])
    }

    @Test("slots from 64 on share maps by 48, in every family of slots", arguments: [63, 64, 65, 112, 113, 600])
    func pages(endpoints: Int) throws {
        let large = try port(1, endpoints: endpoints) { port in
            port.nodePort = Port(30_001)
            port.externalPolicy = .local
            port.internalPolicy = .local
            port.externalIPs = [IPAddress(ipv4: 0xc633_6401)]
            port.endpoints.local = port.endpoints.cluster
        }
        let table = try compile([large, try port(5_000, endpoints: 300), try port(6_000, endpoints: 3)]).tables[0]
        for (prefix, others) in [("", 300), ("local-", 0), ("nodeport-", 0), ("nodeport-local-", 0)] {
            let slots = max(endpoints, others)
            let maps = table.sets.filter { $0.name.description.hasPrefix("\(prefix)endpoints-") }
            let firsts = Array(stride(from: 64, to: max(slots, 64), by: 48)) + Array(0..<min(slots, 64))
            #expect(maps.map(\.name.description) == firsts.map { "\(prefix)endpoints-\($0)" })
            #expect(maps.map(\.isPage) == firsts.map { $0 >= 64 })
            let service = ElementKey.service(IPAddress(ipv4: 0xc633_6401), .tcp, large.port)
            let key = prefix.hasPrefix("nodeport-") ? ElementKey.port(.tcp, try #require(large.nodePort)) : service
            for (map, first) in zip(maps, firsts) where map.isPage {
                let found = map.elements.filter { $0.key.withoutSlot == key }.compactMap(\.key.slot).map(Int.init)
                #expect(found == Array(first..<max(first, min(first + 48, endpoints))))
                #expect(zip(map.elements, map.elements.dropFirst()).allSatisfy { $0.key < $1.key })
            }
            let chains = table.chains.filter { $0.name.description.hasPrefix("\(prefix)slot-") }
            #expect(chains.map(\.name.description) == (0..<slots).map { "\(prefix)slot-\($0)" })
            #expect(chains.map(\.rules.count) == (0..<slots).map { $0 < 64 ? 2 : 1 })
        }
    }

    @Test("every chain and set that a rule or an element names is there, and no other chain", arguments: 1...10)
    func namesResolve(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let ports = try (1...30).map { number in
            try port(number, endpoints: Int.random(in: 0...4, using: &generator)) { port in
                if Bool.random(using: &generator) { port.nodePort = Port(30_000 + number) }
                if Bool.random(using: &generator) { port.externalIPs = [IPAddress(ipv4: 0xc633_6400 + UInt32(number))] }
                if Bool.random(using: &generator) { port.affinitySeconds = 600 }
                if Bool.random(using: &generator) { port.externalPolicy = .local }
                if Bool.random(using: &generator) { port.internalPolicy = .local }
                if Bool.random(using: &generator) { port.endpoints.local = Array(port.endpoints.cluster.prefix(2)) }
            }
        }
        let text = String(decoding: RulesetRenderer().render(try compile(ports)), as: UTF8.self)
        let declared = Set(text.matches(of: /(?:chain|set|map) ([^ ]+) \{/).map { String($0.1) })
        let named = Set(text.matches(of: /(?:goto |jump |@)([^ ,\n}]+)/).map { String($0.1) })
        #expect(named.subtracting(declared) == [])
        // The kernel enters base chains, and nothing enters the record.
        let idle = declared.subtracting(named).filter { !$0.hasPrefix("nat-") }
        #expect(idle.subtracting(["pod-cidrs", "record"]) == [])
    }

    @Test("of two services with one external address the first gets it, and nothing of the other stands under it")
    func sharedAddress() throws {
        let shared = IPAddress(ipv4: 0xc633_6407)
        let ports = try [port(1, endpoints: 1), port(2, endpoints: 3)].map { port in
            var port = port
            port.externalIPs = [shared]
            return port
        }
        let ruleset = try compile(ports)
        let key = ElementKey.service(shared, .tcp, try #require(Port(80)))
        #expect(try set("services", of: ruleset).elements.first { $0.key == key }?.comment == "default/s-1:http")
        #expect(try set("endpoints-0", of: ruleset).elements.filter { $0.key == key }.count == 1)
        for slot in 1...2 { #expect(try set("endpoints-\(slot)", of: ruleset).elements.allSatisfy { $0.key != key }) }
    }

    @Test("a ClusterIP wins over another service's external address")
    func clusterIPWins() throws {
        var thief = try port(1, endpoints: 1)
        let victim = try port(2, endpoints: 2)
        thief.externalIPs = [try #require(victim.clusterIP)]
        let key = ElementKey.service(try #require(victim.clusterIP), .tcp, victim.port)
        let ruleset = try compile([thief, victim])
        #expect(try set("services", of: ruleset).elements.first { $0.key == key }?.comment == "default/s-2:http")
    }

    @Test("elements are sorted and each key stands once, whatever the order of the services")
    func sorted() throws {
        var generator = SeededGenerator(seed: 1)
        let ports = try (1...200).map { try port($0, endpoints: $0 % 4) }
        let expected = try compile(ports)
        #expect(try compile(ports.shuffled(using: &generator)).tables == expected.tables)
        for set in expected.tables[0].sets {
            let keys = set.elements.map(\.key)
            #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 }, "\(set.name)")
        }
    }

    @Test("a family without services has no table, one with a range to guard has")
    func absentTables() throws {
        let ruleset = try compile([try port(1, endpoints: 1)], families: IPFamily.allCases)
        #expect(ruleset.tables.map(\.isAbsent) == [false, true])
        var cluster = ResolvedCluster()
        cluster.serviceCIDRs = [try #require(Prefix("fd00:10:96::/112"))]
        let guarded = RulesetCompiler.compile(cluster, CompilerOptions(mark: try #require(Mark(bit: 0))))
        #expect(guarded.tables.map(\.isAbsent) == [true, false])
    }
}
