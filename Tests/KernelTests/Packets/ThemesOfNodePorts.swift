// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import NetworkLab

extension PacketTheme {
    private static let webNodePorts = Manifests.objects(
        Manifests.service("web", "10.96.0.10", "tcp 80/TCP 30080", "udp 80/UDP 30080", "sctp 80/SCTP 30080"),
        Manifests.slice(
            "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP", "udp 8080/UDP", "sctp 8080/SCTP"),
        Manifests.service("empty", "10.96.0.20", "tcp 80/TCP 30081", "udp 80/UDP 30081", "sctp 80/SCTP 30081"))

    static let nodePorts = PacketTheme(
        "Node ports",
        [
            PacketCase(
                "on the node's primary address, always masqueraded", webNodePorts,
                flows: """
                    198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.1.7 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    node 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    # without endpoints
                    198.51.100.1 192.0.2.11 30081/tcp,udp,sctp -> refused
                    node 192.0.2.11 30081/tcp,udp,sctp -> refused
                    # not on another address, nor on loopback, nor on a ClusterIP, nor as a port of a pod
                    198.51.100.1 203.0.113.11 30080/tcp,udp -> refused
                    node 127.0.0.1 30080/tcp,udp -> refused
                    10.244.0.7 10.96.0.10 30080/tcp,udp,sctp -> refused
                    10.244.0.7 10.244.0.6 30080/tcp,udp -> refused
                    """),
            PacketCase(
                "the number of a node port is a service's port too",
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "tcp 30090/TCP 30080"),
                    Manifests.slice("web", ["10.244.0.6 node-a"], "tcp 8080/TCP"),
                    Manifests.service("other", "10.96.0.20", "tcp 30080/TCP 30090"),
                    Manifests.slice("other", ["10.244.1.6 node-b"], "tcp 80/TCP")),
                flows: """
                    198.51.100.1 192.0.2.11 30080 -> 10.244.0.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30090 -> 10.244.1.6:80 rewritten
                    10.244.0.7 10.96.0.10 30090 -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.20 30080 -> 10.244.1.6:80 kept
                    10.244.0.7 10.96.0.20 30090 -> refused
                    """),
        ])

    static let nodePortAddresses = PacketTheme(
        "Addresses of node ports",
        [
            PacketCase(
                "those of a range", webNodePorts,
                flows: """
                    198.51.100.1 203.0.113.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30080/tcp,udp -> refused
                    node 127.0.0.1 30080/tcp,udp -> refused
                    """
            ) { cluster, family in
                // That the node has an address there is not said: the rule finds out.
                cluster.options.nodePortAddresses = prefixes(
                    "203.0.113.0/24".translated(to: family))
            },
            PacketCase(
                "all addresses", webNodePorts,
                flows: """
                    198.51.100.1 203.0.113.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    node 203.0.113.11 30080 -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    node 127.0.0.1 30080/tcp,udp -> refused
                    198.51.100.1 192.0.2.11 30081/tcp,udp,sctp -> refused
                    10.244.0.7 10.244.0.6 30080/tcp,udp -> refused
                    """
            ) { cluster, family in
                cluster.options.nodePortAddresses = prefixes("0.0.0.0/0".translated(to: family))
            },
            PacketCase(
                "the node's address is not known", webNodePorts,
                flows: """
                    198.51.100.1 203.0.113.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    node 127.0.0.1 30080/tcp,udp -> refused
                    """
            ) { cluster, _ in cluster.options.nodeAddresses = [] },
        ])

    /// Of nftables alone: kube-proxy's rule for ClusterIPs stands before all ports there, and names none.
    static let nodePortsOfClusterIPs = PacketTheme(
        "Node ports at a ClusterIP",
        [
            PacketCase(
                "that is the node's own address, masqueraded from outside whatever the policy",
                Manifests.objects(
                    Manifests.service(
                        "web", "192.0.2.11", "tcp 80/TCP 30080", "udp 80/UDP 30080",
                        spec: "externalTrafficPolicy: Local"),
                    Manifests.service(
                        "other", "10.96.0.20", "tcp 80/TCP 30090", spec: "externalTrafficPolicy: Local"),
                    Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP", "udp 8080/UDP"),
                    Manifests.slice("other", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP")),
                flows: """
                    198.51.100.1 192.0.2.11 30080/tcp,udp -> 10.244.0.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30090 -> 10.244.0.6:8080 rewritten
                    10.244.0.7 192.0.2.11 30080/tcp,udp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    """),
            PacketCase(
                "that is not, for comparison",
                Manifests.objects(
                    Manifests.service(
                        "web", "10.96.0.10", "tcp 80/TCP 30080", spec: "externalTrafficPolicy: Local"),
                    Manifests.slice("web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "tcp 8080/TCP")),
                flows: """
                    198.51.100.1 192.0.2.11 30080 -> 10.244.0.6:8080 kept
                    10.244.0.7 192.0.2.11 30080 -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    """),
        ])
}
