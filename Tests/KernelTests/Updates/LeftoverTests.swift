// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleCluster
import FerruleCompiler
import FerruleKubernetes
import FerruleNetlink
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// What services of the past have needed.
@Suite("Leftovers", .needsNamespaces)
struct LeftoverTests {
    @Test("It goes at the second comparison, and comes again when it is needed", arguments: 0..<3 as Range<UInt64>)
    func goes(seed: UInt64) throws {
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        let namespace = try Namespace("leftovers")
        var random = RandomObjects(seed: 900 + seed, services: 8)
        var keeper = NodeKeeper(Kernel(), options, .forTests, version: "0")
        func settle() throws -> NodeKeeper.Outcome {
            try namespace.perform { () throws(NetlinkError) in try keeper.settle() }
        }
        _ = keeper.take(random.objects().changes)
        _ = keeper.complete()
        _ = try settle()
        var swept = 0
        for round in 0..<6 {
            for _ in 0..<20 {
                _ = keeper.take(random.changes(1))
                _ = try settle()
            }
            keeper.doubt()
            let first = try settle()
            keeper.doubt()
            let second = try settle()
            swept += second.sweptCount
            #expect(second.work.isEmpty && second.drift.isEmpty && second.problems.isEmpty)

            let cluster = ClusterResolver.resolve(random.objects(), options: options).cluster
            let (wanted, standing) = (RulesetCompiler.compile(cluster, .forTests), try namespace.read())
            for (table, wanted) in zip(standing.tables, wanted.tables) {
                #expect(Set(table.sets.map(\.name)) == Set(wanted.sets.map(\.name)), "round \(round), \(first.work)")
                // Packets enter base chains as long as these stand: they are emptied.
                let chains = table.chains.filter { $0.base == nil }.map(\.name)
                #expect(Set(chains) == Set(wanted.chains.filter { $0.base == nil }.map(\.name)), "round \(round)")
            }
            #expect(RulesetDigest(of: standing) == RulesetDigest(of: wanted))
        }
        #expect(swept > 0)
    }

    @Test("Large choices are not left to the next comparison of all tables: it comes sooner")
    func largeChoices() throws {
        let namespace = try Namespace("leftovers")
        var keeper = NodeKeeper(Kernel(), ResolutionOptions(), .forTests, version: "0")
        func settle(endpoints: Int) throws -> NodeKeeper.Outcome {
            var slice = EndpointSlice(
                meta: ObjectMeta(name: "web-1", labels: [EndpointSlice.serviceNameLabel: "web"]), addressType: "IPv4")
            var port = EndpointPort()
            (port.protocol, port.port) = ("TCP", 8080)
            slice.ports = [port]
            slice.endpoints = (0..<endpoints).map { number in
                var endpoint = EndpointSlice.Endpoint()
                endpoint.addresses = [IPAddress(ipv4: 0x0af4_0001 + UInt32(number)).description]
                return endpoint
            }
            _ = keeper.take([.put(.endpointSlice(slice))])
            return try namespace.perform { () throws(NetlinkError) in try keeper.settle() }
        }
        var spec = ServiceSpec()
        (spec.clusterIP, spec.type) = ("10.96.0.10", "ClusterIP")
        var port = ServicePort()
        (port.protocol, port.port) = ("TCP", 80)
        spec.ports = [port]
        _ = keeper.take([.put(.service(Service(meta: ObjectMeta(name: "web"), spec: spec)))])
        _ = keeper.complete()
        var (compared, swept): ([Int], [Int]) = ([], [])
        // Where parts are of unlike sizes, a choice has a verdict for each endpoint.
        for step in 0..<32 {
            let outcome = try settle(endpoints: 5_000 + step)
            if outcome.isCompared { compared.append(step) }
            if outcome.sweptCount > 0 { swept.append(step) }
        }
        #expect(compared == [0, 15, 30] && swept == [30])
        let chains = try namespace.read().tables[0].chains
        #expect(chains.count { $0.name.description.hasPrefix("lb-5") } < 20)
    }
}
