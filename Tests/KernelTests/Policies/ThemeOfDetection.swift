// SPDX-License-Identifier: Apache-2.0

import FerruleResolution
import NetworkLab

extension PacketTheme {
    private static let web = Manifests.objects(
        Manifests.node("node-a", podCIDR: "10.244.0.0/24"), Manifests.node("node-b", podCIDR: "10.244.1.0/24"),
        Manifests.everywhere("web", 10, spec: ["externalTrafficPolicy: Local"]),
        Manifests.endpoints(of: "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"]))

    private static let keptBoth = "10.244.0.6:8080 kept, 10.244.1.6:8080 kept"
    private static let rewrittenBoth = "10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten"

    /// Who is not a pod is masqueraded on the way to a ClusterIP, and kept to local endpoints by the policy Local.
    private static let asPod = """
        CLIENT 10.96.0.10 80/tcp,udp,sctp -> \(keptBoth)
        CLIENT 203.0.113.110 80/tcp,udp,sctp -> \(keptBoth)
        CLIENT 192.0.2.11 30110/tcp,udp,sctp -> \(keptBoth)

        """
    private static let asOther = """
        CLIENT 10.96.0.10 80/tcp,udp,sctp -> \(rewrittenBoth)
        CLIENT 203.0.113.110 80/tcp,udp,sctp -> 10.244.0.6:8080 kept
        CLIENT 192.0.2.11 30110/tcp,udp,sctp -> 10.244.0.6:8080 kept

        """
    private static let fromNode = """
        node 10.96.0.10 80/tcp,udp,sctp -> \(rewrittenBoth)
        node 203.0.113.110 80/tcp,udp,sctp -> \(rewrittenBoth)

        """

    private static func flows(pods: [String], others: [String]) -> String {
        pods.map { asPod.replacing("CLIENT", with: $0) }.joined()
            + others.map { asOther.replacing("CLIENT", with: $0) }.joined() + fromNode
    }

    static let detection = PacketTheme(
        "How pods are told from others", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "by the cluster's ranges", web,
                flows: flows(pods: ["10.244.0.7", "10.244.2.5"], others: ["198.51.100.1"])),
            PacketCase(
                "by the node's range", web, flows: flows(pods: ["10.244.0.7"], others: ["10.244.2.5", "198.51.100.1"])
            ) { cluster, _ in cluster.options.detectLocalMode = .nodeCIDR },
            PacketCase(
                "by an interface", web, flows: flows(pods: ["10.244.0.7"], others: ["10.244.2.5", "198.51.100.1"])
            ) { cluster, _ in cluster.options.detectLocalMode = .bridgeInterface("pod1") },
            PacketCase(
                "by another interface", web, flows: flows(pods: [], others: ["10.244.0.7", "198.51.100.1"])
            ) { cluster, _ in cluster.options.detectLocalMode = .bridgeInterface("pod") },
            PacketCase(
                "by the start of an interface's name", web,
                flows: flows(pods: ["10.244.0.7"], others: ["10.244.2.5", "198.51.100.1"])
            ) { cluster, _ in cluster.options.detectLocalMode = .interfaceNamePrefix("pod") },
        ])
}
