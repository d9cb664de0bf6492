// SPDX-License-Identifier: Apache-2.0

import NetworkLab

extension PacketTheme {
    private static let service = (name: "web", number: 10)

    private static func web(_ name: String, _ number: Int, labels: String = "") -> String {
        Manifests.everywhere(name, number).replacing(
            "namespace: test }",
            with: "namespace: test, labels: { app: \(name)\(labels.isEmpty ? "" : ", \(labels)") } }")
    }

    private static let otherProxy = "service.kubernetes.io/service-proxy-name: other"
    private static let headless = #"service.kubernetes.io/headless: """#

    /// What is for another proxy or of no use.
    static let notOurs = PacketTheme(
        "What is left to others", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "labels of services and slices",
                Manifests.objects(
                    web("proxied", 10, labels: otherProxy), Manifests.endpoints(of: "proxied", ["10.244.0.6 node-a"]),
                    web("labelled", 11, labels: headless), Manifests.endpoints(of: "labelled", ["10.244.0.6 node-a"]),
                    web("slices", 12),
                    Manifests.endpoints(of: "slices", ["10.244.0.6 node-a"]),
                    Manifests.endpoints(of: "slices", ["10.244.1.6 node-b"], label: otherProxy, suffix: "2"),
                    Manifests.endpoints(of: "slices", ["10.244.1.7 node-b"], label: headless, suffix: "3"),
                    web("all-slices", 13),
                    Manifests.endpoints(of: "all-slices", ["10.244.1.6 node-b"], label: headless),
                    Manifests.pod("all-slices", "all-slices", "10.244.0.6", "tcp 8080/TCP")
                ).replacing(
                    "clusterIP: \"10.96.0.13\"", with: "selector: { app: all-slices }\n  clusterIP: \"10.96.0.13\""),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> dropped
                    198.51.100.1 192.0.2.11 30110/tcp,udp -> refused
                    198.51.100.1 203.0.113.110 80/tcp,udp,sctp -> dropped
                    # the label of a headless service is nothing on a service that has a ClusterIP
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 192.0.2.11 30111/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    # nor is that of another proxy on a slice
                    10.244.0.7 10.96.0.12 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    # a service with slices takes no endpoints from elsewhere, even if all of them are of a headless one
                    10.244.0.7 10.96.0.13 80/tcp,udp,sctp -> refused
                    """),
            PacketCase(
                "addresses that are none",
                Manifests.objects(
                    web("web", 10),
                    Manifests.endpoints(
                        of: "web", ["127.0.0.1 node-a", "169.254.1.1 node-a", "fe80::9 node-a", "10.244.0.6 node-a"]),
                    web("nobody", 11), Manifests.endpoints(of: "nobody", ["127.0.0.1 node-a"])),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
                    198.51.100.1 192.0.2.11 30110/tcp,udp,sctp -> 10.244.0.6:8080 rewritten
                    10.244.0.7 10.96.0.11 80/tcp,udp,sctp -> refused
                    """),
            PacketCase(
                "a ClusterIP that is bound to the node",
                Manifests.objects(
                    Manifests.service("dns", "10.96.0.53", "tcp 80/TCP", "udp 80/UDP"),
                    Manifests.endpoints(of: "dns", ["10.244.0.6 node-a"])),
                flows: """
                    10.244.0.7 10.96.0.53 80/tcp,udp -> 10.244.0.6:8080 kept
                    # the service does not have the port, but the node answers there
                    10.244.0.7 10.96.0.53 8053/tcp,udp -> 10.96.0.53:8053 kept
                    node 10.96.0.53 8053/tcp,udp -> 10.96.0.53:8053 kept
                    """),
            PacketCase(
                "a node-local address that no service has",
                "apiVersion: v1\nkind: Namespace\nmetadata: { name: test }\n",
                flows: """
                    10.244.0.7 10.96.0.53 8053/tcp,udp -> 10.96.0.53:8053 kept
                    10.244.0.7 10.96.0.54 8053/tcp,udp -> dropped
                    """),
        ])
}
