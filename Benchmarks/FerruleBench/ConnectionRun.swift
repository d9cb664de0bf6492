// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleKubernetes
import FerruleNetlink
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import Foundation
import NetworkLab

/// What the first packet of a connection costs through Ferrule's ruleset, through kube-proxy's for the same services, and
/// where one plain rule translates it: three nodes side by side, and bursts of packets in turns.
struct ConnectionRun: Measurement {
    /// kube-proxy's ruleset as text.
    let peerPath: String
    let services: [ConnectionService]
    /// Of either node for each way.
    let bursts: Int
    let packetsPerBurst: Int

    func measure() throws -> [ConnectionCosts] {
        let own = try ForwardingNode("own")
        let peer = try ForwardingNode("peer")
        try own.node.perform { try load() }
        try peer.load(String(contentsOf: URL(filePath: peerPath), encoding: .utf8))
        let plain = try ForwardingNode("plain")
        // As little as possible of what else the machine does shall fall into a burst.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
        return try ConnectionWay.allCases.map { try measure($0, [own, peer, plain]) }
    }

    private func load() throws {
        var options = try PipelineRun.options()
        options.resolution.nodeAddresses = [ForwardingNode.address].compactMap { IPAddress($0) }
        let objects = PeerRuleset.objects(services.map(\.service))
        let cluster = ClusterResolver.resolve(objects, options: options.resolution).cluster
        let ruleset = RulesetCompiler.compile(cluster, options.compiler)
        try Kernel().apply(Transaction.replacing(with: ruleset))
    }

    private func measure(_ way: ConnectionWay, _ nodes: [ForwardingNode]) throws -> ConnectionCosts {
        try nodes.last?.load(way.plainRuleset)
        let senders = try nodes.map { try $0.sender() }
        let before = try nodes.map { try $0.forwardedPackets() }
        for node in nodes { try node.flushConnections() }
        var costs = ConnectionCosts(way: way)
        for burst in 0..<bursts {
            let frames = way.frames(services, packetsPerBurst, first: burst * packetsPerBurst)
            var times = nodes.map { _ in 0.0 }
            // Who goes first changes each time.
            for turn in senders.indices {
                let place = (burst + turn) % senders.count
                times[place] = try seconds { try senders[place].send(frames, length: FirstPacket.length) }.seconds
            }
            costs.add(times.map { $0 * 1e9 / Double(packetsPerBurst) })
        }
        usleep(50_000)
        let sent = bursts * packetsPerBurst
        for (node, earlier) in zip(nodes, before) {
            let forwarded = try node.forwardedPackets() - earlier
            guard forwarded >= sent * 99 / 100 else {
                throw BenchError("\(way.rawValue): of \(sent) packets \(forwarded) passed \(node.node.name)")
            }
        }
        return costs
    }
}

/// A service of the measurement, as it travels between processes.
struct ConnectionService: Codable {
    let clusterIP: String
    let port: Int
    let nodePort: Int?
    let isSticky: Bool
    let endpoints: [String]
    let endpointPort: Int

    init(_ service: PeerRuleset.Service) {
        (clusterIP, port) = (service.clusterIP, service.port)
        (nodePort, isSticky) = (service.nodePort, service.isSticky)
        endpoints = service.endpoints.map(\.address)
        endpointPort = service.endpoints.first?.port ?? 0
    }

    var service: PeerRuleset.Service {
        PeerRuleset.Service(
            clusterIP: clusterIP, port: port, chain: "", endpoints: endpoints.map { ($0, endpointPort) },
            nodePort: nodePort, isSticky: isSticky)
    }
}

/// Nanoseconds a packet, one entry a burst.
struct ConnectionCosts: Codable {
    let way: ConnectionWay
    var own: [Double] = []
    var peer: [Double] = []
    /// Through one plain rule.
    var plain: [Double] = []

    init(way: ConnectionWay) { self.way = way }

    /// A burst through each of the three nodes.
    mutating func add(_ burst: [Double]) {
        guard burst.count == 3 else { return }
        own.append(burst[0])
        peer.append(burst[1])
        plain.append(burst[2])
    }
}
