// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleIPTables
import FerruleNetwork
import FerruleResolution
import RandomClusters

extension ResolvedCluster {
    /// Services with a ClusterIP each, and endpoints; one after the other, or spread over the range.
    static func services(_ count: Int, endpoints: Int, isSpread: Bool = false) -> ResolvedCluster {
        var cluster = ResolvedCluster()
        cluster.podTraffic = .ranges([Prefix("10.0.0.0/8")].compactMap(\.self))
        cluster.serviceCIDRs = [Prefix("172.16.0.0/12")].compactMap(\.self)
        cluster.ports = (0..<count).map { number in
            // A factor without a common one with 2^20 leads to each address once.
            let place = isSpread ? UInt32(number + 1) &* 2_654_435_769 % (1 << 20) : UInt32(number + 1)
            var port = ResolvedPort(
                namespace: "test", service: "service-\(number)", name: "http", family: .ipv4, protocol: .tcp,
                port: Self.port(80), clusterIP: IPAddress(ipv4: 0xac10_0000 + place))
            port.endpoints.cluster = (0..<endpoints).map {
                Endpoint(IPAddress(ipv4: 0x0a00_0001 + UInt32(number * endpoints + $0)), Self.port(8080))
            }
            return port
        }
        return cluster
    }

    static func port(_ number: Int) -> Port {
        guard let port = Port(number) else { preconditionFailure("\(number) is no port") }
        return port
    }

    func iptables(_ family: IPFamily = .ipv4) -> IPTablesRuleset {
        IPTablesCompiler.compile(self, family, IPTablesOptions(mark: CompilerOptions.forTests.mark))
    }
}

extension IPTablesRuleset {
    subscript(name: IPTablesTable.Name) -> IPTablesTable {
        tables.first { $0.name == name } ?? IPTablesTable(name)
    }

    /// What iptables-save would show where this stands.
    var saved: String {
        tables.map { table in
            let builtIn = table.name.builtInChains.map { ":\($0) ACCEPT [0:0]" }
            let jumps = table.name.builtInChains.compactMap { chain in
                table.jumps[chain].map { "-A \(chain) \($0.text(family, comment: "jump"))" }
            }
            let lines =
                builtIn + table.chains.map { ":\($0.name) - [0:0]" } + jumps + table.chains.flatMap { $0.lines(family) }
            return (["*\(table.name.rawValue)"] + lines + ["COMMIT"]).joined(separator: "\n") + "\n"
        }.joined()
    }
}
