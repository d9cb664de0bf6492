// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import Foundation
import NetworkLab
import RandomClusters
import Testing

/// The same packets through what kube-proxy 1.36 made of the shop cluster (`nft list table`) and through Ferrule's ruleset.
@Suite("As kube-proxy", .needsNamespaces)
struct PeerTests {
    private static let peer = Project.url("Tests/Data/kube-proxy-1.36-shop-node-a.nft")

    /// Who asks; the last but one is out of the source ranges of the cluster's balancer, and the last a pod elsewhere.
    private static let clients: [IPFamily: [Client]] = [
        .ipv4: ["10.244.0.6", "10.244.0.10", "node", "198.51.100.1", "192.0.2.12", "192.88.99.1", "10.244.1.200"],
        .ipv6: ["fd00:10:244::a", "node", "2001:db8:ffff::1", "2001:db8::12", "fd00:10:244:1::200"],
    ]

    /// Where packets go, and how many it takes to see all who may answer.
    private struct Target: Hashable {
        var destination: IPAddress
        var port: UInt16
        var transport: TransportProtocol
        var count: Int
        /// With session affinity a client is given one of these endpoints, not each; none without it.
        var stickyEndpoints: Set<IPAddress> = []
        var isSticky: Bool { !stickyEndpoints.isEmpty }

        /// Whether luck decides how a client's packets look: one that is an endpoint itself may be given itself.
        func isLuck(for client: Client) -> Bool {
            if case .address(let address) = client { stickyEndpoints.contains(address) } else { false }
        }
    }

    /// Every address of every service port, another port of each ClusterIP, and an address of no service.
    private func targets(_ cluster: ResolvedCluster) -> [Target] {
        var targets: Set<Target> = []
        for port in cluster.ports {
            // 24 connections miss one of two endpoints once in 8 million; there are hundreds of such ways to look at.
            let count = 1 + 23 * (max(port.endpoints.cluster.count, 1) - 1)
            var found = Target(
                destination: address("192.0.2.11"), port: port.port.number, transport: port.protocol, count: count,
                stickyEndpoints: port.affinitySeconds == nil ? [] : Set(port.endpoints.cluster.map(\.address)))
            for virtual in [port.clusterIP].compactMap({ $0 }) + port.externalIPs + port.balancerIPs {
                found.destination = virtual
                targets.insert(found)
            }
            if let clusterIP = port.clusterIP {
                for (number, transport) in [(UInt16(4), TransportProtocol.tcp), (5, .udp), (6, .sctp)] {
                    targets.insert(Target(destination: clusterIP, port: number, transport: transport, count: 1))
                }
            }
            if let nodePort = port.nodePort {
                (found.destination, found.port) = (
                    address(port.family == .ipv4 ? "192.0.2.11" : "2001:db8::11"), nodePort.number
                )
                targets.insert(found)
            }
        }
        for unknown in addresses("10.96.255.254", "fd00:10:96::fffe") {
            for transport in TransportProtocol.allCases {
                targets.insert(Target(destination: unknown, port: 80, transport: transport, count: 1))
            }
        }
        return targets.sorted { ($0.destination, $0.port, $0.count) < ($1.destination, $1.port, $1.count) }
    }

    /// An outcome without what may differ: kube-proxy refuses TCP by ICMP where Ferrule sends a reset.
    private func simplified(_ outcome: Outcome, _ target: Target) -> String {
        switch outcome {
        case .refused: "refused"
        case .answered(_, let port, let source) where target.isSticky: "answered at \(port), saw \(source)"
        default: outcome.description
        }
    }

    /// What becomes of all packets, by client and target.
    private func outcomes(_ lab: Lab, _ targets: [Target]) throws -> [String: Set<String>] {
        var pairs: [(name: String, probe: Probe, target: Target)] = []
        for client in IPFamily.allCases.flatMap({ family in (Self.clients[family] ?? []).map { (family, $0) } }) {
            // A remote pod's answer from a remote endpoint does not pass the node: with affinity luck decides.
            let isRemotePod = client.1 == Self.clients[client.0]?.last
            for target in targets where target.destination.family == client.0 {
                guard !(target.isSticky && isRemotePod), !target.isLuck(for: client.1) else { continue }
                let probe = Probe(from: client.1, to: target.destination, target.port, target.transport)
                pairs += Array(repeating: ("\(probe)", probe, target), count: target.count)
            }
        }
        // Those with few endpoints are the ones that may wait in vain for an answer: they wait together.
        pairs.sort { ($0.target.count, $0.name) < ($1.target.count, $1.name) }
        var found: [String: Set<String>] = [:]
        for start in stride(from: 0, to: pairs.count, by: 800) {
            let batch = pairs[start..<min(start + 800, pairs.count)]
            for (pair, outcome) in zip(batch, try lab.probe(batch.map(\.probe), timeout: .milliseconds(300))) {
                found[pair.name, default: []].insert(simplified(outcome, pair.target))
            }
        }
        return found
    }

    private func lab(_ cluster: ResolvedCluster) throws -> Lab {
        let endpoints = cluster.ports.flatMap { $0.endpoints.cluster + $0.endpoints.local }
        let here = cluster.ports.flatMap(\.endpoints.localAddresses).sortedUnique()
        let elsewhere = Set(endpoints.map(\.address)).subtracting(here).sorted()
        var topology = Topology(
            localPods: here,
            remote: elsewhere + addresses("192.0.2.12", "2001:db8::12", "10.244.1.200", "fd00:10:244:1::200"))
        topology.outside = addresses("198.51.100.1", "192.88.99.1", "2001:db8:ffff::1")
        let lab = try Lab(topology)
        for (address, targets) in Dictionary(grouping: Set(endpoints), by: \.address) {
            try lab.serve(targets.map(\.port.number), on: [address])
        }
        return lab
    }

    @Test("The shop cluster on node-a")
    func shopCluster() throws {
        var definition = TestCluster(try String(contentsOfFile: Project.shopCluster, encoding: .utf8))
        definition.options.nodeAddresses = []
        let cluster = try definition.resolved()
        let lab = try lab(cluster)
        let targets = targets(cluster)
        // The host that kube-proxy ran on had none of the node's addresses.
        try lab.node.load(
            try String(contentsOf: Self.peer, encoding: .utf8) + """

                add element ip kube-proxy nodeport-ips { 192.0.2.11 }
                add element ip6 kube-proxy nodeport-ips { 2001:db8::11 }
                """)
        let theirs = try outcomes(lab, targets)
        try lab.node.load("delete table ip kube-proxy\ndelete table ip6 kube-proxy")
        try lab.node.apply(try definition.ruleset())
        let ours = try outcomes(lab, targets)
        try lab.node.apply(.deleting(IPFamily.allCases.map(TableName.ferrule)))
        try lab.node.bring(to: definition.iptables(), .legacy)
        for (way, ours) in [("nftables", ours), ("iptables", try outcomes(lab, targets))] {
            let differences = theirs.filter { ours[$0.key] != $0.value }.keys.sorted().map {
                "\($0): kube-proxy \(theirs[$0, default: []].sorted()), Ferrule \(ours[$0, default: []].sorted())"
            }
            #expect(differences == [], "by \(way)")
        }
        #expect(theirs.count > 500)
        #expect(Set(theirs.values.joined()).count > 100, "the packets tell nothing apart")
    }
}
