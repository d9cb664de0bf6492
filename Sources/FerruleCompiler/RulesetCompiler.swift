// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset

/// Makes the ruleset of a cluster.
package enum RulesetCompiler {
    package static func compile(_ cluster: ResolvedCluster, _ options: CompilerOptions) -> Ruleset {
        let tables = options.families.map { family in
            TableCompiler(cluster, family, options).compile()
        }
        var summary = Summary()
        summary.services = cluster.serviceCount
        summary.endpoints = cluster.ports.reduce(0) { $0 + max($1.endpoints.cluster.count, $1.endpoints.local.count) }
        summary.headless = cluster.headlessCount
        summary.externalNames = cluster.externalNameCount
        var ruleset = Ruleset(tables: tables, summary: summary)
        ruleset.datagramFlows = datagramFlows(cluster.ports.filter { options.families.contains($0.family) })
        return ruleset
    }

    private static func datagramFlows(_ ports: [ResolvedPort]) -> DatagramFlows {
        var flows = DatagramFlows()
        for port in ports where port.protocol == .udp && !port.endpoints.serving.isEmpty {
            let addresses = [port.clusterIP].compactMap { $0 } + port.externalIPs + port.balancerIPs
            for address in addresses {
                flows.endpoints[.service(address, .udp, port.port)] = port.endpoints.serving
            }
            if let nodePort = port.nodePort {
                flows.endpoints[.port(.udp, nodePort), default: []].formUnion(port.endpoints.serving)
            }
        }
        return flows
    }
}
