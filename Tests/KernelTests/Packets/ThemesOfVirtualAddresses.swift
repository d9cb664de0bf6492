// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import NetworkLab

extension PacketTheme {
    /// A service on three transports with one endpoint here and one on another node, and one without endpoints.
    private static let web = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP"),
        Manifests.slice(
            "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP", "udp 8080/UDP", "sctp 8080/SCTP"),
        Manifests.service("empty", "10.96.0.20", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP"),
        Manifests.service("near", "10.96.0.30", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP"),
        Manifests.slice("near", ["10.244.0.6 node-a"], "tcp 8080/TCP", "udp 8080/UDP", "sctp 8080/SCTP"))

    static let clusterIPs = PacketTheme(
        "ClusterIPs",
        [
            PacketCase(
                "from everywhere", web,
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    10.244.1.7 10.96.0.30 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    node 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    192.0.2.12 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    """)
        ])

    static let refusals = PacketTheme(
        "What no service is there for",
        [
            PacketCase(
                "refused and dropped", web,
                flows: """
                    # without endpoints
                    10.244.0.7 10.96.0.20 80/tcp,udp,sctp -> refused
                    node 10.96.0.20 80/tcp,udp,sctp -> refused
                    198.51.100.1 10.96.0.20 80/tcp,udp,sctp -> refused
                    # another port of a ClusterIP
                    10.244.0.7 10.96.0.10 81/tcp,udp,sctp -> refused
                    10.244.0.7 10.96.0.20 81/tcp,udp,sctp -> refused
                    node 10.96.0.10 81/tcp,udp,sctp -> refused
                    198.51.100.1 10.96.0.10 8080/tcp,udp,sctp -> refused
                    # an unknown ClusterIP
                    10.244.0.7 10.96.0.99 80/tcp,udp,sctp -> dropped
                    node 10.96.0.99 80/tcp,udp,sctp -> dropped
                    198.51.100.1 10.96.0.99 80/tcp,udp,sctp -> dropped
                    # no service at all
                    10.244.0.7 10.244.0.6 8080/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 10.244.1.6 80/tcp,udp,sctp -> 10.244.1.6:80 kept
                    10.244.0.6 198.51.100.3 80/tcp,udp,sctp -> 198.51.100.3:80 kept
                    """),
            PacketCase(
                "the same port of another transport",
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "http 80/TCP"),
                    Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP")),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.10 80/udp,sctp -> refused
                    """),
            PacketCase(
                "nothing is left", "apiVersion: v1\nkind: Namespace\nmetadata: { name: test }\n",
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> dropped
                    10.244.0.7 10.244.0.6 8080/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    """),
        ])

    static let externalAddresses = PacketTheme(
        "Addresses of balancers and external IPs",
        [
            PacketCase(
                "both on one service, and one without endpoints",
                Manifests.objects(
                    Manifests.service(
                        "web", "10.96.0.10", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP",
                        spec: #"externalIPs: ["203.0.113.101"]"#,
                        ingress: #"{ ip: "203.0.113.100" }, { hostname: lb.example.org }"#),
                    Manifests.slice(
                        "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP", "udp 8080/UDP",
                        "sctp 8080/SCTP"),
                    Manifests.service(
                        "empty", "10.96.0.20", "tcp 80/TCP", "udp 80/UDP", ingress: #"{ ip: "203.0.113.102" }"#),
                    Manifests.service(
                        "proxied", "10.96.0.30", "tcp 80/TCP", ingress: #"{ ip: "203.0.113.103", ipMode: Proxy }"#),
                    Manifests.slice("proxied", ["10.244.0.6 node-a"], "tcp 8080/TCP")),
                flows: """
                    198.51.100.1 203.0.113.100 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 203.0.113.100 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    node 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    198.51.100.1 203.0.113.102 80/tcp,udp -> refused
                    # left to the balancer, and a port that is nobody's: the packets go on
                    198.51.100.1 203.0.113.103 80 -> dropped
                    198.51.100.1 203.0.113.100 81/tcp,udp -> dropped
                    10.244.0.7 10.96.0.30 80 -> 10.244.0.6:8080 kept
                    """),
            PacketCase(
                "an external IP that is the node's address wins over a node port",
                Manifests.objects(
                    Manifests.service(
                        "web", "10.96.0.10", "tcp 30080/TCP", spec: #"externalIPs: ["192.0.2.11"]"#),
                    Manifests.slice("web", ["10.244.0.6 node-a"], "tcp 8080/TCP"),
                    Manifests.service("other", "10.96.0.20", "tcp 80/TCP 30080"),
                    Manifests.slice("other", ["10.244.1.6 node-b"], "tcp 80/TCP")),
                flows: """
                    198.51.100.1 192.0.2.11 30080 -> 10.244.0.6:8080 rewritten
                    """),
        ])

    static let masquerade = PacketTheme(
        "Masquerading",
        [
            PacketCase(
                "pod ranges are not known", web,
                flows: """
                    198.51.100.1 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    node 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    """
            ) { cluster, _ in cluster.options.clusterCIDRs = [] },
            PacketCase(
                "all of it", web,
                flows: """
                    198.51.100.1 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 10.244.0.6 8080/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    """
            ) { cluster, _ in cluster.masqueradeAll = true },
            PacketCase(
                "pod ranges come from the nodes",
                Manifests.objects(
                    web,
                    """
                    apiVersion: v1
                    kind: Node
                    metadata: { name: node-a }
                    spec: { podCIDR: "10.244.0.0/16", podCIDRs: ["10.244.0.0/16"] }
                    status: { addresses: [{ type: InternalIP, address: "192.0.2.11" }] }

                    """),
                flows: """
                    198.51.100.1 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    """
            ) { cluster, _ in
                cluster.options.clusterCIDRs = []
                cluster.options.nodeAddresses = []
            },
        ])

    static let hairpin = PacketTheme(
        "Pods that reach themselves",
        [
            PacketCase(
                "by ClusterIP, node port and external IP",
                Manifests.objects(
                    Manifests.service(
                        "web", "10.96.0.10", "tcp 80/TCP 30080", "udp 80/UDP 30080", "sctp 80/SCTP 30080",
                        spec: #"externalIPs: ["203.0.113.101"]"#),
                    Manifests.slice(
                        "web", ["10.244.0.6 node-a", "10.244.0.7 node-a"], "tcp 8080/TCP", "udp 8080/UDP",
                        "sctp 8080/SCTP")),
                flows: """
                    10.244.0.6 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.0.7:8080 kept
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.0.7:8080 rewritten
                    10.244.0.6 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.0.7:8080 rewritten
                    10.244.0.6 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.0.7:8080 rewritten
                    """),
            PacketCase(
                "alone, without known pod ranges",
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP"),
                    Manifests.slice("web", ["10.244.0.6 node-a"], "tcp 8080/TCP", "udp 8080/UDP", "sctp 8080/SCTP")),
                flows: """
                    10.244.0.6 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    """
            ) { cluster, _ in cluster.options.clusterCIDRs = [] },
        ])
}
