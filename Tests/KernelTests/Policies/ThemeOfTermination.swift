// SPDX-License-Identifier: Apache-2.0

import NetworkLab

extension PacketTheme {
    private static func service(_ name: String, _ number: Int, _ endpoints: [SliceEndpoint]) -> String {
        Manifests.objects(
            Manifests.everywhere(name, number, spec: ["externalTrafficPolicy: Local"]),
            Manifests.endpoints(of: name, endpoints),
            Manifests.service(
                "\(name)-inside", "10.96.0.1\(number)", "tcp 80/TCP", "udp 80/UDP", "sctp 80/SCTP",
                spec: "internalTrafficPolicy: Local"),
            Manifests.endpoints(of: "\(name)-inside", endpoints))
    }

    private static let leaving = "ready: false, serving: true, terminating: true"

    /// Services `10.96.0.N` have the internal policy Cluster and the external policy Local, `10.96.0.1N` the internal
    /// policy Local.
    static let termination = PacketTheme(
        "Terminating endpoints", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "every mixture of conditions",
                Manifests.objects(
                    service(
                        "ready-here", 10, ["10.244.0.6 node-a", SliceEndpoint("10.244.1.6 node-b").conditions(leaving)]),
                    service(
                        "ready-there", 11,
                        [SliceEndpoint("10.244.0.6 node-a").conditions(leaving), "10.244.1.6 node-b"]),
                    service(
                        "all-leave", 12,
                        [
                            SliceEndpoint("10.244.0.6 node-a").conditions(leaving),
                            SliceEndpoint("10.244.1.6 node-b").conditions(leaving),
                        ]),
                    service(
                        "none-serves", 13,
                        [
                            SliceEndpoint("10.244.0.6 node-a").conditions(
                                "ready: false, serving: false, terminating: true"),
                            SliceEndpoint("10.244.1.6 node-b").conditions(
                                "ready: false, serving: true, terminating: false"),
                        ]),
                    service(
                        "published", 14,
                        [SliceEndpoint("10.244.0.6 node-a").conditions("ready: true, serving: true, terminating: true")]
                    ),
                    service("absent", 15, [SliceEndpoint("10.244.0.6 node-a").conditions("")]),
                    service(
                        "serving-absent", 16,
                        [SliceEndpoint("10.244.0.6 node-a").conditions("ready: false, terminating: true")])),
                flows: """
                    # a ready endpoint is here: the leaving one elsewhere gets nothing
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.110 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.110 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    # the ready one is elsewhere: the leaving one here serves Local traffic alone
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    198.51.100.1 203.0.113.111 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.211 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 192.0.2.11 30111/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 203.0.113.111 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    node 192.0.2.11 30111/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    10.244.0.7 10.96.0.111 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    # all leave: all serve
                    10.244.0.7 10.96.0.12 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    198.51.100.1 203.0.113.112 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.112 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    # unready ones that are not leaving, or do not serve, get nothing
                    10.244.0.7 10.96.0.13 80/tcp,udp,sctp -> refused
                    198.51.100.1 203.0.113.113 80/tcp,udp,sctp -> refused
                    198.51.100.1 192.0.2.11 30113/tcp,udp,sctp -> refused
                    10.244.0.7 10.96.0.113 80/tcp,udp,sctp -> refused
                    # ready though terminating, no conditions, and serving where it is not said
                    10.244.0.7 10.96.0.14 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    # a pod that reaches itself, by any address and list
                    10.244.0.6 10.96.0.14 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.6 10.96.0.114 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.6 203.0.113.114 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.6 192.0.2.11 30114/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.6 10.96.0.111 80/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.15 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.115 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.16 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.116 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    """)
        ])
}
