// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// What the rules of a cluster do with packets is what its services say.
@Suite("Evaluated rulesets")
struct EvaluatedRulesetTests {
    /// A pod that has no part in any service, by family.
    private static let clients = [IPFamily.ipv4: "10.244.9.9", .ipv6: "fd00:10:244:9::9"].mapValues { text in
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    private func outcomes(
        _ ruleset: Ruleset, _ port: ResolvedPort, to address: IPAddress, _ number: Port
    ) throws -> [(outcome: PacketOutcome, share: Share)] {
        let client = try #require(Self.clients[port.family])
        let table = try #require(ruleset.tables.first { $0.family == port.family })
        let packet = Packet(from: client, to: Endpoint(address, number), port.protocol, inputInterface: "cbr0")
        return Evaluator(table).evaluate(packet, enteringBy: .prerouting, PacketEnvironment()).outcomes
    }

    /// Each of a number of endpoints has the same share.
    private func check(_ outcomes: [(outcome: PacketOutcome, share: Share)], _ endpoints: [Endpoint], _ place: String) {
        let fates = Set(outcomes.map(\.outcome.fate))
        #expect(fates == Set(endpoints.map { .dnat($0) }), "\(place)")
        #expect(outcomes.allSatisfy { $0.share == Share(1, of: endpoints.count) }, "\(place)")
    }

    @Test("Every endpoint has its share, whatever their number", arguments: 0..<8 as Range<UInt64>)
    func shares(seed: UInt64) throws {
        var random = RandomCluster(
            seed: 900 + seed, services: 4, largeSizes: seed < 4 ? [] : [127, 129, 255, 256, 257, 300, 1025])
        for _ in 0..<6 {
            var cluster = random.cluster()
            for index in cluster.ports.indices { cluster.ports[index].internalPolicy = .cluster }
            let ruleset = RulesetCompiler.compile(cluster, .forTests)
            for port in cluster.ports {
                let address = try #require(port.clusterIP)
                let outcomes = try outcomes(ruleset, port, to: address, port.port)
                guard !port.endpoints.cluster.isEmpty else {
                    let isRefused = outcomes.allSatisfy { if case .refused = $0.outcome.fate { true } else { false } }
                    #expect(isRefused || port.endpoints.existAnywhere, "\(port.label)")
                    continue
                }
                check(outcomes, port.endpoints.cluster, "seed \(seed), \(port.label), \(port.family)")
            }
        }
    }

    @Test(
        "Under the policy Local those on the node do, and without any nobody answers", arguments: 0..<4 as Range<UInt64>
    )
    func locals(seed: UInt64) throws {
        var random = RandomCluster(seed: 950 + seed, services: 4, largeSizes: seed < 2 ? [] : [129, 300])
        for _ in 0..<6 {
            var cluster = random.cluster()
            for index in cluster.ports.indices { cluster.ports[index].internalPolicy = .local }
            let ruleset = RulesetCompiler.compile(cluster, .forTests)
            for port in cluster.ports where port.endpoints.existAnywhere {
                let outcomes = try outcomes(ruleset, port, to: try #require(port.clusterIP), port.port)
                if port.endpoints.local.isEmpty {
                    #expect(outcomes.map(\.outcome.fate) == [.dropped], "\(port.label)")
                } else {
                    check(outcomes, port.endpoints.local, "seed \(seed), \(port.label), \(port.family)")
                }
            }
        }
    }
}
