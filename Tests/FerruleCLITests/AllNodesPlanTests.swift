// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

@testable import FerruleCLI

/// What plans about all nodes say, beside those for each of them.
@Suite("Plans about all nodes, and for each")
struct AllNodesPlanTests {
    /// A cluster, as nobody's and as everybody's.
    private struct Side {
        let resolver: ClusterResolver
        let result: ClusterResolver.Result

        init(_ store: ClusterStore) {
            var options = ResolutionOptions()
            options.isForAllNodes = true
            resolver = ClusterResolver(store, options: options)
            result = resolver.resolveAll()
        }

        var ruleset: Ruleset { result.cluster.ruleset() }

        var placed: [NodePlace: Ruleset] {
            Dictionary(uniqueKeysWithValues: result.clustersByNodeKind.map { (NodePlace($0), $1.ruleset()) })
        }

        func ruleset(on node: String) -> Ruleset { resolver.seen(from: node).resolveAll().cluster.ruleset() }

        var nodes: Set<String> { Set(resolver.store.nodes.sortedKeys.map(\.name)) }
    }

    private static func difference(
        _ before: Ruleset, _ after: Ruleset, _ sides: (before: Side, after: Side),
        placed: (actual: [NodePlace: Ruleset], wanted: [NodePlace: Ruleset]) = ([:], [:]),
        nodes: KnownNodes = KnownNodes()
    ) -> Difference {
        let addresses = sides.before.resolver.addressesOfNodes.union(sides.after.resolver.addressesOfNodes)
        return Difference(
            from: before, to: after, placed: placed, nodes: nodes, addressesOfNodes: addresses,
            plan: Planner.plan(from: before, to: after))
    }

    /// The objects as they are before and after: all endpoints of some slices have hints, and besides what changes by chance each
    /// node comes into another zone, or services get session affinity, or lose it.
    private static func objects(_ random: inout RandomObjects, step: Int) -> (
        before: ClusterObjects, after: ClusterObjects
    ) {
        var sides = [random.objects()]
        _ = random.changes(step % 4)
        sides.append(random.objects())
        for side in sides.indices {
            for slice in sides[side].endpointSlices.indices where sides[side].endpointSlices[slice].endpoints.count > 2
            {
                for place in sides[side].endpointSlices[slice].endpoints.indices {
                    sides[side].endpointSlices[slice].endpoints[place].zoneHints = ["zone-\(place % 2)"]
                }
            }
        }
        for node in sides[1].nodes.indices where step % 3 == 0 {
            sides[1].nodes[node].meta.labels[Node.zoneLabel] = node > 1 ? nil : "zone-\((step + node) % 3)"
        }
        for service in sides[1].services.indices where step % 3 == 1 {
            let isSticky = sides[1].services[service].spec.sessionAffinity == "ClientIP"
            sides[1].services[service].spec.sessionAffinity = isSticky ? "None" : "ClientIP"
        }
        return (sides[0], sides[1])
    }

    @Test(
        "What changes on some node is told of all nodes, and so is what is dangerous", arguments: 0..<8 as Range<UInt64>
    )
    func coversEachNode(seed: UInt64) {
        var random = RandomObjects(seed: 900 + seed)
        _ = random.changes(100)
        var missed: [String] = []
        var found = 0
        for step in 0..<12 {
            let objects = Self.objects(&random, step: step)
            let (before, after) = (Side(ClusterStore(objects.before)), Side(ClusterStore(objects.after)))
            let whole = Self.difference(
                before.ruleset, after.ruleset, (before, after), placed: (before.placed, after.placed),
                nodes: KnownNodes(
                    after.resolver, since: before.resolver, seen: after.result.clustersByNodeKind.keys))
            let told = Dictionary(grouping: whole.services, by: \.name.service)
            for node in before.nodes.intersection(after.nodes).sorted() {
                let own = Self.difference(before.ruleset(on: node), after.ruleset(on: node), (before, after))
                for service in own.services where !service.changes.allSatisfy(\.isMemoryOfNodePorts) {
                    found += 1
                    let entries = told[service.name.service] ?? []
                    if entries.isEmpty || service.isDangerous && !entries.contains(where: \.isDangerous) {
                        missed.append("step \(step), \(service.name.label) on \(node): \(service.changes)")
                    }
                }
            }
        }
        #expect(found > 10)
        #expect(missed == [])
    }
}

extension PortChange {
    /// Of all nodes no address is known that a node port could be remembered under: what is remembered there is what is remembered
    /// at the service's other addresses, if these are served.
    fileprivate var isMemoryOfNodePorts: Bool {
        guard case .affinity = kind else { return false }
        return frontends.allSatisfy { $0.kind == .nodePort }
    }
}
