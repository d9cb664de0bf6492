// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleKubernetes
import FerruleNetlink
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import Glibc
import NetworkLab

/// What the first packet of a connection costs through Ferrule's ruleset and through kube-proxy's for the same services: two
/// nodes side by side, and bursts of packets in turns.
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
        let result = try peer.node.run(["nft", "-f", peerPath])
        guard result.succeeded else { throw BenchError("nft: \(result.standardError)") }
        // As little as possible of what else the machine does shall fall into a burst.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -20)
        return try ConnectionWay.allCases.map { try measure($0, own, peer) }
    }

    private func load() throws {
        var options = try PipelineRun.options()
        options.resolution.nodeAddresses = [ForwardingNode.address].compactMap { IPAddress($0) }
        let objects = PeerRuleset.objects(services.map(\.service))
        let cluster = ClusterResolver.resolve(objects, options: options.resolution).cluster
        let ruleset = RulesetCompiler.compile(cluster, options.compiler)
        try Kernel().apply(Transaction.replacing(with: ruleset))
    }

    private func measure(_ way: ConnectionWay, _ own: ForwardingNode, _ peer: ForwardingNode) throws -> ConnectionCosts
    {
        let (ownSender, peerSender) = (try own.sender(), try peer.sender())
        let before = (own: try own.forwardedPackets(), peer: try peer.forwardedPackets())
        var costs = ConnectionCosts(way: way)
        try own.flushConnections()
        try peer.flushConnections()
        for burst in 0..<bursts {
            let frames = way.frames(services, packetsPerBurst, first: burst * packetsPerBurst)
            func send(_ sender: PacketSender) throws -> Double {
                try seconds { try sender.send(frames, length: FirstPacket.length) }.seconds * 1e9
                    / Double(packetsPerBurst)
            }
            // Who goes first changes each time.
            if burst.isMultiple(of: 2) { costs.own.append(try send(ownSender)) }
            costs.peer.append(try send(peerSender))
            if !burst.isMultiple(of: 2) { costs.own.append(try send(ownSender)) }
        }
        usleep(50_000)
        let sent = bursts * packetsPerBurst
        let ownForwarded = try own.forwardedPackets() - before.own
        let peerForwarded = try peer.forwardedPackets() - before.peer
        guard ownForwarded >= sent * 99 / 100, peerForwarded >= sent * 99 / 100 else {
            throw BenchError(
                "\(way.rawValue): of \(sent) packets \(ownForwarded) passed Ferrule's node and \(peerForwarded) kube-proxy's"
            )
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

    init(way: ConnectionWay) { self.way = way }
}
