// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// `--config` with a KubeProxyConfiguration as kubeadm writes it.
@Suite("KubeProxyConfiguration", .needsNamespaces)
struct ConfigurationTests {
    private static let file = """
        apiVersion: kubeproxy.config.k8s.io/v1alpha1
        kind: KubeProxyConfiguration
        bindAddress: 0.0.0.0
        clusterCIDR: 10.99.0.0/16
        detectLocalMode: InterfaceNamePrefix
        detectLocal: { bridgeInterface: "", interfaceNamePrefix: pod }
        hostnameOverride: node-a
        mode: nftables
        nftables: { masqueradeAll: false, masqueradeBit: 20, minSyncPeriod: 1s, syncPeriod: 30s }
        nodePortAddresses: ["203.0.113.0/24"]
        """

    @Test("Its fields decide, and flags win")
    func fields() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.file, to: "config.yaml")
        let path = folder.url.appending(path: "config.yaml").path
        let manifests = Manifests.objects(
            Manifests.everywhere("web", 10, spec: ["externalTrafficPolicy: Local"]),
            Manifests.endpoints(of: "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"]))
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            func outcomes(_ flows: String, _ arguments: String...) throws -> [String] {
                let result = try lab.node.run(
                    [Project.program, "apply", "-f", "-", "--config", path] + arguments, input: manifests)
                #expect(result.succeeded, "\(result.standardError)")
                let flows = try Flow.table(flows)
                return try flows.flatMap { flow in
                    flow.mistakes(in: try lab.probe(flow.probes), node: lab.topology.node)
                }
            }
            #expect(
                try outcomes(
                    """
                    10.244.0.7 10.96.0.10 80 -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    10.244.2.5 10.96.0.10 80 -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
                    10.244.0.7 203.0.113.110 80 -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    10.244.2.5 203.0.113.110 80 -> 10.244.0.6:8080 kept
                    198.51.100.1 203.0.113.11 30110 -> 10.244.0.6:8080 kept
                    198.51.100.1 192.0.2.11 30110 -> refused
                    """) == [])
            #expect(try lab.node.run(["nft", "list", "table", "ip", "ferrule"]).standardOutput.contains("0x00100000"))
            #expect(
                try outcomes(
                    """
                    10.244.2.5 10.96.0.10 80 -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    198.51.100.1 203.0.113.11 30110 -> refused
                    198.51.100.1 192.0.2.11 30110 -> 10.244.0.6:8080 kept
                    """, "--detect-local-mode", "ClusterCIDR", "--cluster-cidr", "10.244.0.0/16",
                    "--nodeport-addresses",
                    "192.0.2.0/24") == [])
        }
    }

    @Test("No other table is touched", arguments: [[], ["--replace"]])
    func foreignTables(arguments: [String]) throws {
        try Lab.with { lab in
            try lab.node.load(
                """
                table inet filter {
                    set blocked {
                        type ipv4_addr
                        elements = { 192.0.2.99 }
                    }
                    chain input { type filter hook input priority filter; ip saddr @blocked drop; }
                }
                table ip kube-proxy {
                    chain services {
                    }
                }
                table ip6 nat {
                    chain postrouting { type nat hook postrouting priority srcnat; oifname "none" masquerade; }
                }
                """)
            func others() throws -> [String] {
                try ["inet filter", "ip kube-proxy", "ip6 nat"].map {
                    try lab.node.run(["nft", "-a", "list", "table"] + $0.split(separator: " ").map(String.init))
                        .standardOutput
                }
            }
            let before = try others()
            #expect(before.allSatisfy { !$0.isEmpty })
            let plain = Manifests.everywhere("web", 10)
            for manifest in [plain, StickyService().manifests, plain] {
                let result = try lab.node.run([Project.program, "apply", "-f", "-"] + arguments, input: manifest)
                #expect(result.succeeded, "\(result.standardError)")
                #expect(try others() == before)
            }
            #expect(try lab.node.run([Project.program, "delete"]).succeeded)
            #expect(try others() == before)
        }
    }
}
