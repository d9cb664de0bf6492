// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Foundation
import NetworkLab

/// A node that forwards, in a namespace of its own: `client ── [in] node [out] ── sink`. Packets of whatever source come in at
/// one side, and what is forwarded ends at the other, where nobody answers.
struct ForwardingNode {
    /// Where node ports are served.
    static let address = "10.199.0.2"
    static let hardwareAddress: [UInt8] = [2, 0, 0, 0, 0, 1]

    let node: Namespace
    private let client: Namespace
    private let sink: Namespace

    init(_ label: String) throws {
        node = try Namespace("\(label)node")
        client = try Namespace("\(label)client")
        sink = try Namespace("\(label)sink")
        for (parameter, value) in [
            ("ip_forward", "1"), ("conf/all/rp_filter", "0"), ("conf/default/rp_filter", "0"),
        ] {
            try node.write("net/ipv4/\(parameter)", value)
        }
        try Self.configure(
            node,
            """
            link set lo up
            link add in address 02:00:00:00:00:01 type veth peer name eth0 netns \(client.name)
            link add out address 02:00:00:00:00:03 type veth peer name eth0 netns \(sink.name)
            link set in up
            link set out up
            address add \(Self.address)/32 dev out
            route add default via 192.0.2.9 dev out onlink
            neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev out nud permanent
            """)
        try Self.configure(client, "link set eth0 up")
        try Self.configure(sink, "link set eth0 up")
    }

    private static func configure(_ namespace: Namespace, _ commands: String) throws {
        let result = try namespace.run(["ip", "-batch", "-"], input: commands + "\n")
        guard result.succeeded else { throw BenchError("ip: \(result.standardError)") }
    }

    /// Puts a ruleset in the place of all others.
    func load(_ ruleset: String) throws {
        let result = try node.run(["nft", "-f", "-"], input: "flush ruleset\n" + ruleset)
        guard result.succeeded else { throw BenchError("nft: \(result.standardError)") }
    }

    /// Sends from the client's side.
    func sender() throws -> PacketSender {
        try client.perform { try PacketSender(interface: "eth0") }
    }

    /// Forgets all tracked connections.
    func flushConnections() throws {
        try node.perform { try NetfilterSocket() }.flushConnections()
    }

    /// How many packets have left towards the sink.
    func forwardedPackets() throws -> Int {
        try node.perform {
            let text = try String(contentsOf: URL(filePath: "/proc/thread-self/net/dev"), encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.trimmingPrefix(while: \.isWhitespace).hasPrefix("out:") }
            // Eight fields about receiving, then the bytes and the packets that were sent.
            return (line?.split(separator: " ").dropFirst(10).first).flatMap { Int($0) } ?? 0
        }
    }
}
