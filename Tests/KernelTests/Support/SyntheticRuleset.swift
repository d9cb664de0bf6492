// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import RandomClusters
import NetworkLab

/// Rulesets of clusters made in memory, of any size.
enum SyntheticRuleset {
    /// Services with a ClusterIP, a node port while there are any, and endpoints each.
    static func services(
        _ count: Int, endpoints: Int, hasNodePorts: Bool = true, families: [IPFamily] = IPFamily.allCases
    ) throws -> Ruleset {
        var cluster = ResolvedCluster()
        cluster.podTraffic = .ranges(prefixes("10.0.0.0/8", "fd00:10::/32"))
        cluster.serviceCIDRs = prefixes("172.16.0.0/12", "fd00:10:96::/96")
        var ports: [ResolvedPort] = []
        for family in families {
            cluster.nodePortAddresses[family] = .listed([address(family == .ipv4 ? "192.0.2.11" : "2001:db8::11")])
            let template = try template(family)
            for number in 0..<count {
                ports.append(service(template, number, endpoints, hasNodePort: hasNodePorts && number < 2768))
            }
        }
        cluster.ports = ports
        var options = CompilerOptions(mark: .forTests)
        options.families = families
        return RulesetCompiler.compile(cluster, options)
    }

    /// A service port as the resolver makes it.
    private static func template(_ family: IPFamily) throws -> ResolvedPort {
        let manifests = """
            apiVersion: v1
            kind: Service
            metadata: { name: service }
            spec: { ipFamilies: [\(family.rawValue)], ports: [{ name: http, port: 80 }] }
            """
        guard let port = try TestCluster(manifests).resolved().ports.first else {
            throw TestMistake(description: "a service has no port")
        }
        return port
    }

    private static func service(
        _ template: ResolvedPort, _ number: Int, _ endpoints: Int, hasNodePort: Bool
    ) -> ResolvedPort {
        let family = template.family
        let ranges: (services: UInt128, pods: UInt128) =
            switch family {
            case .ipv4: (0xac10_0001, 0x0a00_0001)
            case .ipv6: (0xfd00_0010_0096 << 80 + 1, 0xfd00_0010 << 96 + 1)
            }
        var service = template
        service.service = "service-\(number)"
        service.clusterIP = IPAddress(family, bits: ranges.services + UInt128(number))
        service.nodePort = hasNodePort ? port(30000 + number) : nil
        service.endpoints.cluster = (0..<endpoints).map {
            Endpoint(IPAddress(family, bits: ranges.pods + UInt128(number * endpoints + $0)), port(8080))
        }
        service.endpoints.localAddresses = service.endpoints.cluster.prefix(1).map(\.address)
        return service
    }
}

extension Ruleset {
    /// Chains, rules and sets with the anonymous ones, of all tables.
    var objectCounts: [String: Int] {
        let chains = tables.flatMap(\.chains)
        let rules = chains.flatMap(\.rules)
        let anonymous = rules.flatMap(\.statements).count { if case .numgen = $0 { true } else { false } }
        return [
            "chains": chains.count, "rules": rules.count,
            "sets": tables.reduce(anonymous) { $0 + $1.sets.count },
        ]
    }
}
