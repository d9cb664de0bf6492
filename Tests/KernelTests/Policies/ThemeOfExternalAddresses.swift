// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import NetworkLab

extension PacketTheme {
    private static func web(
        _ name: String, _ number: Int, _ endpoints: [SliceEndpoint], spec: String, ingress: String = ""
    )
        -> String
    {
        Manifests.objects(
            Manifests.service(
                name, "10.96.0.\(number)", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP", spec: spec, ingress: ingress),
            Manifests.endpoints(of: name, endpoints))
    }

    private static let externalIPs = "externalIPs: [\"203.0.113.101\"]"

    static let externalKinds = PacketTheme(
        "What outside addresses a service has", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "balancers of several kinds",
                Manifests.objects(
                    // 203.0.113.200 is a host that answers at port 80.
                    web(
                        "proxied", 10, ["10.244.0.6 node-a"], spec: "allocateLoadBalancerNodePorts: false",
                        ingress: #"{ ip: "203.0.113.200", ipMode: Proxy }, { ip: "203.0.113.110", ipMode: VIP }"#),
                    web(
                        "hostname", 11, ["10.244.0.6 node-a"], spec: "allocateLoadBalancerNodePorts: false",
                        ingress: "{ hostname: lb.example.org }"),
                    web(
                        "wanted", 12, ["10.244.0.6 node-a"],
                        spec: "loadBalancerIP: \"203.0.113.200\"\n  allocateLoadBalancerNodePorts: false",
                        ingress: #"{ ip: "203.0.113.112" }"#),
                    web(
                        "several", 13, ["10.244.0.6 node-a", "10.244.1.6 node-b"],
                        spec: "externalIPs: [\"203.0.113.120\", \"203.0.113.121\", \"203.0.113.114\"]",
                        ingress: #"{ ip: "203.0.113.113" }, { ip: "203.0.113.114" }, { hostname: lb.example.org }"#),
                    web(
                        "other-family", 14, ["10.244.0.6 node-a"], spec: "externalIPs: [\"OTHER\", \"203.0.113.122\"]")),
                flows: """
                    198.51.100.1 203.0.113.200 80/tcp,udp,sctp -> 203.0.113.200:80 kept
                    10.244.0.7 203.0.113.200 80/tcp,udp,sctp -> 203.0.113.200:80 kept
                    198.51.100.1 203.0.113.110 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.112 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.1 203.0.113.113 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.114 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.120 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.121 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.122 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    # no node port was allocated
                    198.51.100.1 192.0.2.11 30000/tcp,udp -> refused
                    198.51.100.1 192.0.2.11 32767/tcp,udp -> refused
                    """
            ) { cluster, family in
                cluster.manifests = cluster.manifests.replacing(
                    "OTHER", with: family == .ipv4 ? "2001:db8:cb::122" : "203.0.113.122")
            },
            PacketCase(
                "two services claim one address: the first gets it, with its own endpoints alone",
                Manifests.objects(
                    web("aaa", 10, ["10.244.0.6 node-a"], spec: externalIPs),
                    web("bbb", 11, ["10.244.1.6 node-b", "10.244.1.7 node-b"], spec: externalIPs),
                    web(
                        "ccc", 12, ["10.244.1.6 node-b", "10.244.1.7 node-b"],
                        spec: "externalTrafficPolicy: Local\n  " + externalIPs)),
                flows: """
                    198.51.100.1 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.3 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> 10.244.1.6:8080 kept, 10.244.1.7:8080 kept
                    """),
            PacketCase(
                "endpoints on the node's own address",
                Manifests.objects(
                    Manifests.everywhere("here", 10), Manifests.endpoints(of: "here", ["192.0.2.11 node-a"]),
                    Manifests.everywhere("local", 11, spec: ["externalTrafficPolicy: Local"]),
                    Manifests.endpoints(of: "local", ["192.0.2.11 node-a"]),
                    Manifests.everywhere("nameless", 12, spec: ["externalTrafficPolicy: Local"]),
                    Manifests.endpoints(of: "nameless", ["192.0.2.11"])),
                flows: """
                    # such packets do not leave the node, so nothing masquerades them
                    198.51.100.1 192.0.2.11 30110/tcp,udp -> 192.0.2.11:8080 kept
                    198.51.100.1 203.0.113.110 80/tcp,udp -> 192.0.2.11:8080 kept
                    10.244.0.7 10.96.0.10 80/tcp,udp -> 192.0.2.11:8080 kept
                    198.51.100.1 10.96.0.10 80/tcp,udp -> 192.0.2.11:8080 kept
                    node 10.96.0.10 80/tcp,udp -> 192.0.2.11:8080 rewritten
                    node 192.0.2.11 30110/tcp,udp -> 192.0.2.11:8080 rewritten
                    198.51.100.1 203.0.113.111 80/tcp,udp -> 192.0.2.11:8080 kept
                    # only the name of a node makes an endpoint local
                    198.51.100.1 203.0.113.112 80/tcp,udp -> dropped
                    10.244.0.7 203.0.113.112 80/tcp,udp -> 192.0.2.11:8080 kept
                    """),
            PacketCase(
                "external IPs of the node and of a ClusterIP",
                Manifests.objects(
                    Manifests.service(
                        "web", "10.96.0.10", "tcp 30080/TCP", "udp 30080/UDP", "sctp 30080/SCTP",
                        spec: "externalIPs: [\"192.0.2.11\"]"),
                    Manifests.endpoints(of: "web", ["10.244.0.6 node-a"]),
                    Manifests.service(
                        "other", "10.96.0.20", "tcp 80/TCP 30080", "udp 80/UDP 30080", "sctp 80/SCTP 30080"),
                    Manifests.endpoints(of: "other", ["10.244.1.6 node-b", "10.244.1.7 node-b"]),
                    web("thief", 30, ["10.244.1.7 node-b"], spec: "externalIPs: [\"10.96.0.20\"]")),
                flows: """
                    198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    node 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.20 80/tcp,udp,sctp -> 10.244.1.6:8080 kept, 10.244.1.7:8080 kept
                    """),
            PacketCase("without endpoints, addresses of the node leave its node ports alone", shadows, flows: shadowed),
            PacketCase(
                "the same where node ports are served at the addresses of a range", shadows, flows: shadowed
            ) { cluster, family in
                cluster.options.nodePortAddresses = prefixes("192.0.2.0/24".translated(to: family))
            },
            PacketCase(
                "the same where they are served everywhere", shadows,
                flows: shadowed.replacing(
                    "203.0.113.11 30080/tcp,udp -> refused",
                    with: "203.0.113.11 30080/tcp,udp,sctp -> 10.244.1.6:8080 rewritten")
            ) { cluster, family in
                cluster.options.nodePortAddresses = prefixes("0.0.0.0/0".translated(to: family))
            },
            PacketCase(
                "of two claims of an address the one with endpoints is served",
                Manifests.objects(
                    web("empty", 10, [], spec: "externalIPs: [\"203.0.113.101\"]"),
                    web("full", 11, ["10.244.0.6 node-a"], spec: "externalIPs: [\"203.0.113.101\"]"),
                    web("later", 12, ["10.244.1.6 node-b"], spec: "externalIPs: [\"203.0.113.101\"]")),
                flows: """
                    198.51.100.1 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    node 203.0.113.101 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> refused
                    """),
        ])

    /// Services without endpoints at addresses of the node, and node ports of the same numbers.
    private static let shadows = Manifests.objects(
        Manifests.service(
            "a-external", "10.96.0.10", "tcp 30080/TCP", "udp 30080/UDP", "sctp 30080/SCTP",
            spec: "externalIPs: [\"192.0.2.11\", \"203.0.113.11\", \"203.0.113.101\"]"),
        Manifests.service(
            "a-balancer", "10.96.0.11", "tcp 30081/TCP", "udp 30081/UDP", "sctp 30081/SCTP",
            spec: "allocateLoadBalancerNodePorts: false\n  loadBalancerSourceRanges: [\"198.51.100.0/28\"]",
            ingress: "{ ip: \"192.0.2.11\" }"),
        Manifests.service(
            "a-nobody", "10.96.0.12", "tcp 30082/TCP", "udp 30082/UDP", "sctp 30082/SCTP",
            spec: "externalIPs: [\"192.0.2.11\"]"),
        Manifests.service(
            "door", "10.96.0.20", "tcp 80/TCP 30080", "udp 80/UDP 30080", "sctp 80/SCTP 30080"),
        Manifests.endpoints(of: "door", ["10.244.1.6 node-b"]),
        Manifests.service(
            "gate", "10.96.0.21", "tcp 80/TCP 30081", "udp 80/UDP 30081", "sctp 80/SCTP 30081",
            spec: "externalTrafficPolicy: Local\n  sessionAffinity: ClientIP"),
        Manifests.endpoints(of: "gate", ["10.244.0.6 node-a", "10.244.1.6 node-b"]),
        Manifests.service(
            "closed", "10.96.0.22", "tcp 80/TCP 30082", "udp 80/UDP 30082", "sctp 80/SCTP 30082"))

    private static let shadowed = """
        198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
        10.244.0.7 192.0.2.11 30080/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
        node 192.0.2.11 30080/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
        # an address that does not serve node ports, and one that is not the node's
        198.51.100.1 203.0.113.11 30080/tcp,udp -> refused
        198.51.100.1 203.0.113.101 30080/tcp,udp,sctp -> refused
        # ranges close the balancer's address for others, whoever would answer there
        198.51.100.1 192.0.2.11 30081/tcp,udp,sctp -> 10.244.0.6:8080 kept
        10.244.0.7 192.0.2.11 30081/tcp,udp -> dropped
        # neither has endpoints
        198.51.100.1 192.0.2.11 30082/tcp,udp,sctp -> refused
        10.244.0.7 10.96.0.10 30080/tcp,udp,sctp -> refused
        """
}
