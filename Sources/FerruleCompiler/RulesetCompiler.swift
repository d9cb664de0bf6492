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
        ruleset.datagramFlows = datagramFlows(cluster, options.families)
        return ruleset
    }

    private static func datagramFlows(_ cluster: ResolvedCluster, _ families: [IPFamily]) -> DatagramFlows {
        var flows = DatagramFlows()
        let ports = cluster.ports.filter { families.contains($0.family) && $0.protocol == .udp }
        for port in ports where !port.endpoints.serving.isEmpty {
            let addresses = [port.clusterIP].compactMap { $0 } + port.externalIPs + port.balancerIPs
            for address in addresses {
                flows.endpoints[.service(address, .udp, port.port)] = port.endpoints.serving
            }
            guard let nodePort = port.nodePort else { continue }
            let keys: [ElementKey] =
                if case .listed(let addresses) = cluster.nodePortAddresses[port.family] {
                    addresses.map { .service($0, .udp, nodePort) }
                } else {
                    [.port(.udp, nodePort)]
                }
            for key in keys { flows.endpoints[key, default: []].formUnion(port.endpoints.serving) }
        }
        return flows
    }
}
