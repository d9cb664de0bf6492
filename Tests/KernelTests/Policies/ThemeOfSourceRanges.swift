// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab

extension PacketTheme {
    private static func service(
        _ name: String, _ number: Int, ranges: [String], spec: [String] = [], hasEndpoints: Bool = true
    ) -> String {
        let list = ranges.map { "\"\($0)\"" }.joined(separator: ", ")
        return Manifests.objects(
            Manifests.everywhere(name, number, spec: ["loadBalancerSourceRanges: [\(list)]"] + spec),
            Manifests.endpoints(of: name, hasEndpoints ? ["10.244.0.6 node-a"] : []))
    }

    /// One balancer address is the node's own.
    private static func onNodeAddress(_ name: String, _ number: Int, port: Int, range: String) -> String {
        Manifests.objects(
            Manifests.service(
                name, "10.96.0.\(number)", "tcp \(port)/TCP", "udp \(port)/UDP",
                spec: "loadBalancerSourceRanges: [\"\(range)\"]", ingress: "{ ip: \"203.0.113.11\" }"),
            Manifests.endpoints(of: name, ["10.244.0.6 node-a"]))
    }

    static let sourceRanges = PacketTheme(
        "Load balancer source ranges", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "of every form",
                Manifests.objects(
                    service("one", 10, ranges: ["198.51.100.1/32"]),
                    service(
                        "overlapping", 11,
                        ranges: [
                            " 198.51.100.0/31 ", "198.51.100.1/32", "198.51.100.3/31", "198.51.100.1/32",
                            "198.51.100.2/32",
                        ]),
                    service("node", 12, ranges: ["198.51.100.1/32", "192.0.2.11/32"]),
                    service("other-family", 13, ranges: ["OTHER"]),
                    service("all", 14, ranges: ["198.51.100.1/32", "0.0.0.0/0"]),
                    service("without-endpoints", 15, ranges: ["198.51.100.1/32"], hasEndpoints: false),
                    service("twice", 16, ranges: ["198.51.100.1/32"], spec: []).replacing(
                        "203.0.113.216", with: "203.0.113.116"),
                    service("local", 17, ranges: ["198.51.100.1/32"], spec: ["externalTrafficPolicy: Local"]),
                    service("pods", 18, ranges: ["10.244.0.7/32"], spec: ["externalTrafficPolicy: Local"]),
                    service("both-families", 19, ranges: ["OTHER", "198.51.100.1/32"]),
                    onNodeAddress("own-address", 20, port: 81, range: "192.0.2.11/32"),
                    onNodeAddress("own-address-not-allowed", 21, port: 82, range: "198.51.100.1/32")),
                flows: """
                    198.51.100.1 203.0.113.110 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.110 80/tcp,udp,sctp -> dropped
                    10.244.0.7 203.0.113.110 80/tcp,udp,sctp -> dropped
                    node 203.0.113.110 80/tcp,udp,sctp -> dropped
                    # only the balancer's address
                    198.51.100.2 203.0.113.210 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 192.0.2.11 30110/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    node 192.0.2.11 30110/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    # overlapping, double, with blanks and host bits
                    198.51.100.1 203.0.113.111 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.111 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.3 203.0.113.111 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.4 203.0.113.111 80/tcp,udp,sctp -> dropped
                    # the node's address is a range
                    node 203.0.113.112 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.112 80/tcp,udp,sctp -> dropped
                    # ranges of the other family alone, and all addresses, are no limit
                    198.51.100.2 203.0.113.113 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.114 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.1 203.0.113.119 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.119 80/tcp,udp,sctp -> dropped
                    # without endpoints: drop before refuse
                    198.51.100.1 203.0.113.115 80/tcp,udp,sctp -> refused
                    198.51.100.2 203.0.113.115 80/tcp,udp,sctp -> dropped
                    node 203.0.113.115 80/tcp,udp,sctp -> dropped
                    198.51.100.2 203.0.113.215 80/tcp,udp,sctp -> refused
                    198.51.100.2 192.0.2.11 30115/tcp,udp,sctp -> refused
                    # the balancer's address is an external IP too
                    198.51.100.1 203.0.113.116 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    198.51.100.2 203.0.113.116 80/tcp,udp,sctp -> dropped
                    # with the policy Local; pods are bound too
                    198.51.100.1 203.0.113.117 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.2 203.0.113.117 80/tcp,udp,sctp -> dropped
                    10.244.0.7 203.0.113.117 80/tcp,udp,sctp -> dropped
                    10.244.0.7 203.0.113.118 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.118 80/tcp,udp,sctp -> dropped
                    # a balancer address that is bound to the node is the source of the node's packets to it
                    node 203.0.113.11 81/tcp,udp -> 10.244.0.6:8080 rewritten
                    node 203.0.113.11 82/tcp,udp -> dropped
                    198.51.100.1 203.0.113.11 82/tcp,udp -> 10.244.0.6:8080 rewritten
                    198.51.100.1 203.0.113.11 81/tcp,udp -> dropped
                    """
            ) { cluster, family in
                cluster.manifests = cluster.manifests.replacing(
                    "OTHER", with: family == .ipv4 ? "2001:db8:1::/64" : "198.51.100.0/24")
            }
        ])
}
