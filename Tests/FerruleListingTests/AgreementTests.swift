// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleListing
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// A listing of definitions and one of the ruleset that is made of them.
@Suite("Listings of definitions and of rulesets")
struct AgreementTests {
    /// What both know of a service.
    private struct Common: Equatable {
        let key: ObjectKey
        let clusterIPs: [IPAddress]
        let externalAddresses: [IPAddress]
        let affinitySeconds: Int?
        let sourceRanges: [Prefix]?
        let ports: [String: Port]
        let traffic: Int

        struct Port: Equatable {
            let number: FerruleNetwork.Port?
            let nodePort: FerruleNetwork.Port?
            let endpoints: [Endpoint]
        }

        init(_ row: ServiceRow) {
            (key, clusterIPs, externalAddresses) = (row.key, row.clusterIPs.sorted(), row.externalAddresses)
            // Nothing is remembered where there is no endpoint.
            affinitySeconds = row.endpointCount.traffic > 0 ? row.affinitySeconds : nil
            sourceRanges = row.sourceRanges
            traffic = row.endpointCount.traffic
            let ports = row.ports.map { port in
                let endpoints = port.endpoints.filter(\.getsTraffic).compactMap(\.endpoint)
                return (
                    "\(port.name)/\(port.transport?.name ?? "")",
                    Port(number: port.number, nodePort: port.nodePort, endpoints: endpoints)
                )
            }
            self.ports = Dictionary(ports) { first, _ in first }
        }
    }

    /// Services of which another one claims an address or node port too: which one the kernel serves is not for a listing.
    private static func disputed(_ rows: [ServiceRow]) -> Set<ObjectKey> {
        var owners: [String: Set<ObjectKey>] = [:]
        for row in rows {
            for port in row.ports {
                let transport = port.transport?.name ?? ""
                for address in row.clusterIPs + row.externalAddresses {
                    owners["\(address) \(transport) \(port.number?.number ?? 0)", default: []].insert(row.key)
                }
                if let nodePort = port.nodePort { owners["\(nodePort) \(transport)", default: []].insert(row.key) }
            }
            for address in row.clusterIPs + row.externalAddresses {
                owners["\(address)", default: []].insert(row.key)
            }
        }
        return owners.values.filter { $0.count > 1 }.reduce(into: []) { $0.formUnion($1) }
    }

    @Test("They agree in what a ruleset knows", arguments: 0..<12 as Range<UInt64>)
    func agree(seed: UInt64) throws {
        var random = RandomObjects(seed: seed, isOfFiles: seed % 2 == 1)
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        var compared = 0
        for _ in 0..<30 {
            _ = random.changes(12)
            let resolver = ClusterResolver(ClusterStore(random.objects()), options: options)
            let rows = resolver.overview { ServiceRow($0, $1, resolver) }.descriptions
            let stands = ServiceListing.rows(
                of: RulesetCompiler.compile(resolver.resolveAll().cluster, .forTests))
            let disputed = Self.disputed(rows)
            let isComparable = { (row: ServiceRow) in row.kind == .virtual && !disputed.contains(row.key) }
            let served = rows.filter(isComparable).filter { !$0.ports.isEmpty }
            let standing = stands.filter { row in !disputed.contains(row.key) }
            #expect(standing.map(Common.init) == served.map(Common.init), "seed \(seed)")
            #expect(standing.allSatisfy { $0.type == nil && $0.endpointCount.all == nil })
            for (row, stand) in zip(served, standing) where stand.externalPolicy == .local {
                #expect(row.externalPolicy == .local)
            }
            compared += served.count
        }
        #expect(compared > 30)
    }
}
