// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNFTText
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import RandomClusters
import Testing

struct RulesetCompilerTests {
    private func compile(_ ports: [ResolvedPort], families: [IPFamily] = [.ipv4]) throws -> Ruleset {
        var cluster = ResolvedCluster()
        cluster.ports = ports
        var options = CompilerOptions.forTests
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
            Endpoint(IPAddress(ipv4: 0x0af4_0000 + UInt32(number * 8 + $0)), target)
        }
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

    @Test(
        "an address from outside without endpoints yields to node ports where it may be the node's, and to other services"
    )
    func claimsWithoutEndpoints() throws {
        let address = IPAddress(ipv4: 0xc633_6401)
        func verdict(_ addresses: NodePortAddresses, _ ports: [ResolvedPort]) throws -> (String, String?) {
            var cluster = ResolvedCluster()
            (cluster.ports, cluster.nodePortAddresses) = (ports, [.ipv4: addresses])
            let ruleset = RulesetCompiler.compile(cluster, CompilerOptions(mark: .forTests))
            let key = ElementKey.service(address, .tcp, try #require(Port(80)))
            let element = try #require(set("services", of: ruleset).elements.first { $0.key == key })
            guard case .verdict(.goto(let chain)) = element.value else { return ("", element.comment) }
            return (chain.description, element.comment)
        }
        func claim(_ number: Int, endpoints: Int) throws -> ResolvedPort {
            try port(number, endpoints: endpoints) { $0.externalIPs = [address] }
        }
        let other = IPAddress(ipv4: 0xc000_020b)
        let wide = try #require(Prefix("198.51.0.0/16"))
        let cases: [(NodePortAddresses, String)] = [
            (.listed([other]), "refuse"), (.listed([other, address]), "external-refuse"),
            (.within([Prefix(other)], known: []), "refuse"), (.within([wide], known: []), "external-refuse"),
            (.all(known: []), "external-refuse"),
        ]
        for (addresses, expected) in cases {
            #expect(try verdict(addresses, [claim(1, endpoints: 0)]) == (expected, "default/s-1:http"))
            #expect(try verdict(addresses, [claim(1, endpoints: 2)]) == ("external-2", "default/s-1:http"))
            // Of several the first with endpoints is served.
            let claims = try [claim(1, endpoints: 0), claim(2, endpoints: 3), claim(3, endpoints: 4)]
            #expect(try verdict(addresses, claims) == ("external-3", "default/s-2:http"))
        }
        // A ClusterIP is nobody else's, with endpoints or without.
        let own = try port(4, endpoints: 0) { $0.clusterIP = address }
        #expect(try verdict(.all(known: []), [claim(2, endpoints: 3), own]) == ("refuse", "default/s-4:http"))
    }

    /// A service whose entries of every scope have this many endpoints.
    private func everywhere(_ endpoints: Int, change: (inout ResolvedPort) -> Void = { _ in }) throws -> ResolvedPort {
        try port(1, endpoints: endpoints) { port in
            port.nodePort = Port(30_001)
            port.externalPolicy = .local
            port.internalPolicy = .local
            port.externalIPs = [IPAddress(ipv4: 0xc633_6401)]
            port.endpoints.local = port.endpoints.cluster
            change(&port)
        }
    }

    @Test(
        "services of more than 128 endpoints are cut into parts of nearly one size, in every scope",
        arguments: [127, 128, 129, 256, 257, 300, 640])
    func parts(endpoints: Int) throws {
        let ports = [try everywhere(endpoints), try port(6_000, endpoints: 300), try port(7_000, endpoints: 3)]
        let table = try compile(ports).tables[0]
        let count = (endpoints + 127) / 128
        let sizes = count < 2 ? [] : (0..<count).map { (endpoints + count - 1 - $0) / count }
        let external = ElementKey.service(IPAddress(ipv4: 0xc633_6401), .tcp, ports[0].port)
        for scope in ["", "local-", "nodeport-", "nodeport-local-"] {
            let isVirtual = !scope.hasPrefix("nodeport-")
            let key = isVirtual ? external : ElementKey.port(.tcp, try #require(ports[0].nodePort))
            let list = scope.hasSuffix("local-") ? "local" : "lb"
            let name = (isVirtual ? "" : "nodeport-") + "\(list)-\(endpoints)"
            let balance = try #require(table.chains.first { $0.name.description == name })
            guard case .numgen(let verdicts)? = balance.rules.first?.statements.first else {
                Issue.record("chain \(name) does not begin by spreading: \(balance.rules)")
                return
            }
            let slots = table.chains.filter { $0.name.description.hasPrefix("\(scope)slot-") }
            let largest = scope == "" ? max(sizes.max() ?? endpoints, 100) : endpoints <= 128 ? endpoints : 0
            #expect(slots.map(\.name.description) == (0..<largest).map { "\(scope)slot-\($0)" })
            let maps = (0..<largest).map { "\(scope)endpoints-\($0)" }
            #expect(
                table.sets.map(\.name.description).filter { $0.hasPrefix("\(scope)endpoints-") } == maps)
            let parts = sizes.enumerated().map { "\(scope)part-\($0.offset)-\($0.element)" }
            if sizes.isEmpty {
                #expect(verdicts == (0..<endpoints).map { .goto(ChainName("\(scope)slot-\($0)")) })
            } else {
                let times = Set(sizes).count == 1 ? sizes.map { _ in 1 } : sizes
                let names = zip(parts, times).flatMap { Array(repeating: $0, count: $1) }
                #expect(verdicts == names.map { .goto(ChainName($0)) })
            }
            let found = try parts.indices.flatMap { number in
                try targets(ofPart: number, sizes[number], of: key, scope, in: table)
            }
            #expect(sizes.isEmpty || found == ports[0].endpoints.cluster)
        }
        for set in table.sets {
            #expect(zip(set.elements, set.elements.dropFirst()).allSatisfy { $0.key < $1.key }, "\(set.name)")
        }
    }

    /// What a packet finds behind the chain of a part.
    private func targets(
        ofPart number: Int, _ size: Int, of key: ElementKey, _ scope: String, in table: Table
    ) throws -> [Endpoint] {
        let map = try #require(table.sets.first { $0.name.description == "\(scope)parts-\(number)" })
        let chain = try #require(table.chains.first { $0.name.description == "\(scope)part-\(number)-\(size)" })
        let rewrites = chain.rules[0].statements.contains {
            if case .setDestination(_, map.name) = $0 { true } else { false }
        }
        #expect(rewrites && chain.rules[0].statements.last == .verdict(.goto(ChainName("lb-\(size)"))))
        #expect(chain.rules.dropFirst() == [Rule(.verdict(.drop))])
        let address = map.elements.compactMap { element -> IPAddress? in
            element.key == key ? element.value.data?.address : nil
        }
        let part = key.ofPart(try #require(address.first))
        let slots = table.sets.filter { $0.name.description.hasPrefix("endpoints-") }
        return slots.flatMap(\.elements).filter { $0.key == part }.compactMap(\.value.data?.endpoint)
    }

    @Test("Unless told otherwise, services are cut from 1,025 endpoints on", arguments: [(1024, 0), (1025, 9)])
    func limits(endpoints: Int, parts: Int) throws {
        var cluster = ResolvedCluster()
        cluster.ports = [try port(1, endpoints: endpoints)]
        let options = CompilerOptions(mark: .forTests)
        let table = try #require(RulesetCompiler.compile(cluster, options).tables.first)
        #expect(table.sets.count { $0.purpose.isOfParts } == parts)
        #expect(table.sets.count { $0.name.description.hasPrefix("endpoints-") } == (parts == 0 ? 1024 : 114))
    }

    @Test("5,000 endpoints have 40 chains of parts and 125 of slots")
    func fewObjects() throws {
        let table = try compile([try port(1, endpoints: 5_000)]).tables[0]
        func chains(_ prefix: String) -> Int { table.chains.count { $0.name.description.hasPrefix(prefix) } }
        #expect(chains("part-") == 40 && chains("slot-") == 125 && chains("lb-") == 2)
        #expect(table.sets.count { $0.name.description.hasPrefix("parts-") } == 40)
        #expect(table.sets.count { $0.name.description.hasPrefix("endpoints-") } == 125)
        #expect(table.chains.count < 180)
    }

    @Test("parts have addresses of their own, whatever the order of the services and however many there are")
    func partAddresses() throws {
        let ports = try (1...60).map { try port($0 * 1000, endpoints: 1_000) } + [try everywhere(700)]
        func addresses(_ ports: [ResolvedPort]) throws -> [ElementKey: [ElementValue]] {
            let maps = try compile(ports).tables[0].sets.filter(\.purpose.isOfParts)
            return maps.reduce(into: [:]) { found, map in
                for element in map.elements { found[element.key, default: []].append(element.value) }
            }
        }
        let all = try addresses(ports)
        let values = all.values.flatMap(\.self)
        #expect(values.count == 60 * 8 + 5 * 6 && Set(values).count == values.count)
        for address in values.compactMap(\.data?.address) {
            #expect(address.ipv4Bits >> 24 == 0 && !address.isUnspecified)
        }
        var generator = SeededGenerator(seed: 1)
        let shuffled = try addresses(ports.shuffled(using: &generator))
        #expect(shuffled == all)
        let alone = try addresses([ports[60]])
        #expect(alone.allSatisfy { all[$0.key] == $0.value })
        // An address that somebody claims for a service is not given to a part.
        let taken = try #require(values.first?.data?.address)
        let claimed = try addresses(ports + [try port(90_000, endpoints: 1) { $0.externalIPs = [taken] }])
        #expect(!claimed.values.joined().contains(.data(.address(taken))) && claimed.count == all.count)
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
