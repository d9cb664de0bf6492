// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Foundation
import NetworkLab

/// What it costs to load rules by one variant of iptables, and what the first packet of a connection costs through them: two
/// nodes side by side, and bursts of packets in turns.
struct IPTablesRun: Measurement {
    struct Target: Codable {
        let address: String
        let port: Int
    }

    struct Costs: Codable {
        /// Seconds.
        var ownLoad = 0.0
        var peerLoad = 0.0
        /// Nanoseconds a packet, one entry a burst.
        var own: [Double] = []
        var peer: [Double] = []
    }

    let variant: String
    let ownPath: String
    let peerPath: String
    let services: [Target]
    let bursts: Int
    let packetsPerBurst: Int

    func measure() throws -> Costs {
        var costs = Costs()
        let nodes = [try ForwardingNode("own"), try ForwardingNode("peer")]
        costs.ownLoad = try load(ownPath, nodes[0])
        costs.peerLoad = try load(peerPath, nodes[1])
        let senders = try nodes.map { try $0.sender() }
        let before = try nodes.map { try $0.forwardedPackets() }
        for burst in 0..<bursts {
            let frames = frames(first: burst * packetsPerBurst)
            var times = [0.0, 0.0]
            for turn in senders.indices {
                let place = (burst + turn) % senders.count
                times[place] = try seconds { try senders[place].send(frames, length: FirstPacket.length) }.seconds
            }
            costs.own.append(times[0] * 1e9 / Double(packetsPerBurst))
            costs.peer.append(times[1] * 1e9 / Double(packetsPerBurst))
        }
        usleep(50_000)
        let sent = bursts * packetsPerBurst
        for (node, earlier) in zip(nodes, before) {
            let forwarded = try node.forwardedPackets() - earlier
            guard forwarded >= sent * 99 / 100 else {
                throw BenchError("iptables \(variant): of \(sent) packets \(forwarded) passed \(node.node.name)")
            }
        }
        return costs
    }

    /// How long the program takes, from its start to its end.
    private func load(_ path: String, _ node: ForwardingNode) throws -> Double {
        try seconds {
            let result = try node.node.run(["iptables-\(variant)-restore", "--noflush", "--wait=60", path])
            guard result.succeeded else { throw BenchError("iptables-restore: \(result.standardError)") }
        }.seconds
    }

    /// First packets of connections that no other burst has, from pods.
    private func frames(first: Int) -> [UInt8] {
        var frames: [UInt8] = []
        for number in first..<first + packetsPerBurst {
            let target = services[number &* 7919 % services.count]
            let packet = FirstPacket(
                source: 0x0af7_0001 + UInt32(number % 1000), sourcePort: UInt16(10_000 + number / 250 % 50_000),
                destination: IPAddress(target.address)?.ipv4Bits ?? 0, destinationPort: UInt16(clamping: target.port))
            packet.append(to: &frames)
        }
        return frames
    }
}
