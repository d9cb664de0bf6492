// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import NetworkLab

extension PacketTheme {
    private static let web = Manifests.objects(
        Manifests.everywhere("web", 10), Manifests.endpoints(of: "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"]))

    private static let answers = "10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten"

    static let nodePortRanges = PacketTheme(
        "Ranges of node port addresses", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "of loopback addresses serve nobody", web,
                flows: """
                    node 127.0.0.1 30110/tcp,udp -> refused
                    198.51.100.1 192.0.2.11 30110/tcp,udp -> refused
                    node 192.0.2.11 30110/tcp,udp -> refused
                    """
            ) { cluster, _ in cluster.options.nodePortAddresses = prefixes("127.0.0.0/8", "::1/128") },
            PacketCase(
                "of both, and wider than all of them", web,
                flows: """
                    node 127.0.0.1 30110/tcp,udp -> refused
                    198.51.100.1 192.0.2.11 30110/tcp,udp,sctp -> \(answers)
                    10.244.0.7 203.0.113.11 30110/tcp,udp,sctp -> \(answers)
                    198.51.100.1 203.0.113.200 80/tcp,udp,sctp -> 203.0.113.200:80 kept
                    """
            ) { cluster, _ in
                cluster.options.nodePortAddresses = prefixes("0.0.0.0/1", "128.0.0.0/1", "::/1", "2000::/3")
            },
            PacketCase(
                "of the other family alone mean all addresses", web,
                flows: """
                    node 127.0.0.1 30110/tcp,udp -> refused
                    198.51.100.1 192.0.2.11 30110/tcp,udp,sctp -> \(answers)
                    198.51.100.1 203.0.113.11 30110/tcp,udp,sctp -> \(answers)
                    """
            ) { cluster, family in
                cluster.options.nodePortAddresses =
                    family == .ipv4 ? prefixes("2001:db8::11/128") : prefixes("192.0.2.11/32")
            },
            PacketCase(
                "in which the node has no address", web,
                flows: """
                    198.51.100.1 192.0.2.11 30110/tcp,udp -> refused
                    10.244.0.7 203.0.113.11 30110/tcp,udp -> refused
                    """
            ) { cluster, _ in
                cluster.options.nodePortAddresses = prefixes("172.16.0.0/12", "2001:db8:1234::/48")
            },
        ])
}
