// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleTestSupport
import NetworkLab
import RandomClusters

/// Clusters around the node of a lab, and probes that hit their services, miss them and graze them.
struct RandomProbes {
    private var clusters: RandomCluster
    private var generator: SeededGenerator

    init(seed: UInt64) {
        clusters = RandomCluster(seed: seed)
        generator = SeededGenerator(seed: ~seed)
    }

    /// The node has two addresses that node ports may be served at, an external one, and one in the service range; four pods are
    /// on it, eight elsewhere, and one behind the interface of the outside.
    static var topology: Topology {
        var topology = Topology()
        topology.node = addresses(
            "192.0.2.11", "192.0.2.12", "203.0.113.100", "10.96.0.15", "2001:db8::11", "2001:db8::12",
            "2001:db8:ff::64", "fd00:10:96::15")
        topology.localPods = (10..<14).map { addresses("10.244.0.\($0)", "fd00:10:244::\(hexadecimal($0))") }
        topology.remote = (14..<22).flatMap { addresses("10.244.0.\($0)", "fd00:10:244::\(hexadecimal($0))") }
        topology.outside = addresses(
            "198.51.100.1", "198.51.100.7", "203.0.113.5", "10.9.0.1", "10.244.3.1", "192.0.2.13", "2001:db8:ffff::1",
            "2001:db8:ffff:1::7", "2001:db8:fffe::1", "fd00:9::1", "fd00:10:244:3::1", "2001:db8::13")
        return topology
    }

    /// The clusters count their endpoints from `10.244.0.10` and `fd00:10:244::10`.
    private static func hexadecimal(_ number: Int) -> String { String(0x10 + number - 10, radix: 16) }

    /// The next cluster.
    mutating func cluster() -> ResolvedCluster {
        var cluster = clusters.cluster()
        if case .interface = cluster.podTraffic {
            cluster.podTraffic = chance(0.5) ? .interface("pod1") : .interfacePrefix("pod")
        }
        for index in cluster.ports.indices where cluster.ports[index].service.hasSuffix("4") {
            cluster.ports[index].protocol = .sctp
        }
        return cluster
    }

    /// A probe of a cluster.
    mutating func probe(_ cluster: ResolvedCluster) -> Probe {
        let family = IPFamily.allCases.randomElement(using: &generator) ?? .ipv4
        let target = target(cluster, family)
        return Probe(from: client(family, target.address), to: target.address, target.port, target.transport)
    }

    private mutating func client(_ family: IPFamily, _ destination: IPAddress) -> Client {
        let topology = RandomProbes.topology
        if chance(0.15) || destination.isLoopback { return .node }
        // What remote pods answer to each other would not pass the node; other pods that are elsewhere ask instead.
        let all = topology.localPods.flatMap(\.self) + topology.outside + topology.node
        return .address(choose(all.filter { $0.family == family && !isServiceAddress($0) }))
    }

    /// Whether an address of the node is one that no packet is to come from.
    private func isServiceAddress(_ address: IPAddress) -> Bool {
        ["10.96.0.15", "fd00:10:96::15"].contains(address.description)
    }

    private mutating func target(
        _ cluster: ResolvedCluster, _ family: IPFamily
    ) -> (address: IPAddress, port: UInt16, transport: TransportProtocol) {
        let node = RandomProbes.topology.node.filter { $0.family == family }
        let transport = chance(0.8) ? nil : TransportProtocol.allCases.randomElement(using: &generator)
        let ports = cluster.ports.filter { $0.family == family }
        guard let port = ports.randomElement(using: &generator), chance(0.95) else {
            let text =
                family == .ipv4
                ? ["10.96.77.1", "10.97.0.1", "127.0.0.1", "10.244.0.10", "10.244.0.15"]
                : ["fd00:10:96::7701", "fd00:10:97::1", "::1", "fd00:10:244::10", "fd00:10:244::15"]
            return (NetworkLab.address(choose(text)), 8080, transport ?? .tcp)
        }
        let kind = transport ?? port.protocol
        if let nodePort = port.nodePort, chance(0.35) { return (choose(node), nodePort.number, kind) }
        let all = [port.clusterIP].compactMap(\.self) + port.externalIPs + port.balancerIPs
        return (choose(all + all.suffix(1)), chance(0.9) ? port.port.number : 81, kind)
    }

    private mutating func choose<Value>(_ values: [Value]) -> Value {
        guard let value = values.randomElement(using: &generator) else { preconditionFailure("nothing to choose from") }
        return value
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }
}
