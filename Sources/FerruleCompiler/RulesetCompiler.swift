// SPDX-License-Identifier: Apache-2.0
//
// FerruleCompiler: resolved services to a ruleset. It knows what nftables can do and nothing of how rules are written down
// or sent. The layout: a service is one element of the map `services`, its i-th endpoint one element of the map
// `endpoints-i`; chains exist for each slot i and each shape of traffic, such as "three endpoints, masqueraded", never for a
// service, except that a service port with session affinity has a map and chains of its own. A service of more than
// 1,024 endpoints is cut into parts, which are like services of their own.

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
        let ports = cluster.ports.indices.filter { index in
            guard case .udp = cluster.ports[index].protocol else { return false }
            return !cluster.ports[index].endpoints.serving.isEmpty && families.contains(cluster.ports[index].family)
        }.map { cluster.ports[$0] }
        // Of several claims of one key the same wins as among the entries of the maps, and virtual addresses before node ports.
        for port in ports {
            guard let clusterIP = port.clusterIP else { continue }
            flows.endpoints[.service(clusterIP, .udp, port.port)] = port.endpoints.serving
        }
        for port in ports {
            for address in port.balancerIPs + port.externalIPs {
                let key = ElementKey.service(address, .udp, port.port)
                if flows.endpoints[key] == nil { flows.endpoints[key] = port.endpoints.serving }
            }
        }
        for port in ports {
            guard let nodePort = port.nodePort else { continue }
            let nodeAddresses = cluster.nodePortAddresses[port.family]?.addresses ?? []
            let keys: [ElementKey] =
                nodeAddresses.isEmpty ? [.port(.udp, nodePort)] : nodeAddresses.map { .service($0, .udp, nodePort) }
            for key in keys where flows.endpoints[key] == nil { flows.endpoints[key] = port.endpoints.serving }
        }
        return flows
    }
}
