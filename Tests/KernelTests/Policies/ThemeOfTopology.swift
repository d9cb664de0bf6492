// SPDX-License-Identifier: Apache-2.0

import FerruleResolution
import NetworkLab

extension PacketTheme {
    private static func endpoint(_ text: String, _ zones: String..., nodes: [String] = []) -> SliceEndpoint {
        SliceEndpoint(text).hints(zones: zones, nodes: nodes)
    }

    private static func service(_ name: String, _ number: Int, _ endpoints: [SliceEndpoint], spec: String = "")
        -> String
    {
        Manifests.objects(
            Manifests.everywhere(name, number, spec: spec.isEmpty ? [] : [spec]),
            Manifests.endpoints(of: name, endpoints))
    }

    private static let hinted = Manifests.objects(
        service(
            "zones", 10,
            [endpoint("10.244.0.6 node-a", "zone-b"), endpoint("10.244.1.6 node-b", "zone-b", "zone-a")],
            spec: "trafficDistribution: PreferSameZone"),
        service("one-without", 11, [endpoint("10.244.0.6 node-a", "zone-a"), "10.244.1.6 node-b"]),
        service("other-zones", 12, [endpoint("10.244.0.6 node-a", "zone-b"), endpoint("10.244.1.6 node-b", "zone-c")]),
        service(
            "unready-without", 13,
            [
                endpoint("10.244.1.6 node-b", "zone-a"), endpoint("10.244.0.6 node-a", "zone-b"),
                SliceEndpoint("10.244.1.7 node-b").conditions("ready: false"),
            ]),
        service(
            "nodes-win", 14,
            [
                endpoint("10.244.0.6 node-a", "zone-b", nodes: ["node-a"]),
                endpoint("10.244.1.6 node-b", "zone-a", nodes: ["node-b"]),
            ], spec: "trafficDistribution: PreferSameNode"),
        service(
            "other-nodes", 15,
            [
                endpoint("10.244.0.6 node-a", "zone-b", nodes: ["node-c"]),
                endpoint("10.244.1.6 node-b", "zone-a", nodes: ["node-b"]),
            ]),
        service(
            "local", 16, [endpoint("10.244.0.6 node-a", "zone-b"), endpoint("10.244.1.6 node-b", "zone-a")],
            spec: "externalTrafficPolicy: Local"),
        service(
            "inside", 17, [endpoint("10.244.0.6 node-a", "zone-b"), endpoint("10.244.1.6 node-b", "zone-a")],
            spec: "internalTrafficPolicy: Local"),
        service(
            "leaving", 18,
            [
                endpoint("10.244.0.6 node-a", "zone-a").conditions("ready: false, serving: true, terminating: true"),
                endpoint("10.244.1.6 node-b", "zone-b").conditions("ready: false, serving: true, terminating: true"),
            ]),
        service(
            "without-hints", 19, ["10.244.0.6 node-a", "10.244.1.6 node-b"], spec: "trafficDistribution: PreferClose"))

    private static let both = "10.244.0.6:8080 kept, 10.244.1.6:8080 kept"

    static let topology = PacketTheme(
        "Hints", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "on a node of a zone", Manifests.objects(Manifests.node("node-a", zone: "zone-a"), hinted),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    198.51.100.1 203.0.113.110 80/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    198.51.100.1 203.0.113.210 80/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30110/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    # hints are ignored where one is missing or none names the zone; unready endpoints are not asked
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.12 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.13 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    # hints for nodes come first
                    10.244.0.7 10.96.0.14 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.15 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    # the policy Local does not look at hints, but pods that it leads to all endpoints do
                    198.51.100.1 203.0.113.116 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 203.0.113.116 80/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    node 192.0.2.11 30116/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    10.244.0.7 10.96.0.17 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.117 80/tcp,udp,sctp -> 10.244.1.6:8080 rewritten
                    # nor does the fallback to terminating endpoints; a preference without hints is none
                    10.244.0.7 10.96.0.18 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.19 80/tcp,udp,sctp -> \(both)
                    """),
            PacketCase(
                "on a node without a zone", Manifests.objects(Manifests.node("node-a"), hinted),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.13 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.14 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.15 80/tcp,udp,sctp -> \(both)
                    """),
            PacketCase(
                "on a node that no hint names", Manifests.objects(Manifests.node("node-z", zone: "zone-z"), hinted),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> \(both)
                    10.244.0.7 10.96.0.14 80/tcp,udp,sctp -> \(both)
                    198.51.100.1 203.0.113.116 80/tcp,udp -> dropped
                    """
            ) { cluster, _ in cluster.options.nodeName = "node-z" },
        ])
}
