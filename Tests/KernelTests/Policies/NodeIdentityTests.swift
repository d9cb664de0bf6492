// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// Which Node object a host is, and by what addresses it is known.
@Suite("Who the node is", .needsNamespaces)
struct NodeIdentityTests {
    private static let door = Manifests.objects(
        Manifests.service("door", "10.96.0.10", "tcp 80/TCP 30110", spec: "externalTrafficPolicy: Local"),
        Manifests.slice("door", ["10.244.0.6 worker-1", "10.244.1.6 worker-2"], "tcp 8080/TCP"),
        node("worker-1", ["{ type: InternalIP, address: 192.0.2.11 }"]),
        node("worker-2", ["{ type: InternalIP, address: 192.0.2.12 }"]))

    private static func node(_ name: String, _ addresses: [String]) -> String {
        """
        apiVersion: v1
        kind: Node
        metadata: { name: \(name) }
        status: { addresses: [\(addresses.joined(separator: ", "))] }

        """
    }

    private func mistakes(_ flows: String, in lab: Lab) throws -> [String] {
        try Flow.table(flows).flatMap { flow in
            flow.mistakes(in: try lab.probe(flow.probes), node: lab.topology.node)
        }
    }

    @Test(
        "Its name is in lower case and without blanks, wherever it comes from",
        arguments: [
            #"echo -n " Worker-1 " > /proc/sys/kernel/hostname && exec "$0" apply -f -"#,
            #"exec "$0" apply -f - --node-name " WORKER-1""#,
            #"exec "$0" apply -f - --config "$1""#,
        ])
    func nameInCapitals(command: String) throws {
        let folder = try TemporaryFolder()
        let text = """
            apiVersion: kubeproxy.config.k8s.io/v1alpha1
            kind: KubeProxyConfiguration
            hostnameOverride: "Worker-1 "
            """
        try folder.write(text, to: "config.yaml")
        let configuration = folder.url.appending(path: "config.yaml").path
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            let result = try lab.node.run(
                ["unshare", "--uts", "sh", "-c", command, Project.program, configuration], input: Self.door)
            #expect(result.succeeded, "\(result.standardError)")
            let mistakes = try mistakes(
                """
                198.51.100.1 192.0.2.11 30110 -> 10.244.0.6:8080 kept
                198.51.100.1 203.0.113.11 30110 -> refused
                """, in: lab)
            #expect(mistakes == [])
        }
    }

    @Test("An ExternalIP is its address in a family without an InternalIP, and another family's --node-ip is added")
    func externalAddress() throws {
        let manifests = Manifests.objects(
            """
            apiVersion: v1
            kind: Service
            metadata: { name: door, namespace: test }
            spec:
              type: LoadBalancer
              clusterIP: "10.96.0.12"
              clusterIPs: ["10.96.0.12", "fd00:10:96::12"]
              ipFamilies: [IPv4, IPv6]
              ipFamilyPolicy: RequireDualStack
              loadBalancerSourceRanges: ["2001:db8::/112"]
              ports: [{ name: h, port: 80, targetPort: 8080, nodePort: 31080 }]
            status: { loadBalancer: { ingress: [{ ip: "2001:db8:cb::11" }] } }

            """,
            Manifests.slice("door", ["10.244.0.6 node-a"], "h 8080/TCP", suffix: "4"),
            Manifests.slice("door", ["fd00:10:244::6 node-a"], "h 8080/TCP", suffix: "6")
                .replacing("addressType: IPv4", with: "addressType: IPv6"))
        let flows = """
            198.51.100.1 192.0.2.11 31080 -> 10.244.0.6:8080 rewritten
            198.51.100.1 203.0.113.11 31080 -> refused
            2001:db8:ffff::1 2001:db8::11 31080 -> fd00:10:244::6:8080 rewritten
            2001:db8:ffff::1 2001:db8:cb::11 31080 -> refused
            # the node's address is in the ranges, so that it may use the balancer's, which is its own, too
            node 2001:db8:cb::11 80 -> fd00:10:244::6:8080 rewritten
            2001:db8:ffff::1 2001:db8:cb::11 80 -> dropped
            """
        let internalOnly = "{ type: InternalIP, address: 192.0.2.11 }"
        let variants: [(addresses: [String], arguments: [String])] = [
            ([internalOnly, "{ type: ExternalIP, address: \"2001:db8::11\" }"], []),
            (
                [
                    "{ type: ExternalIP, address: \"2001:db8::11\" }", "{ type: Hostname, address: node-a }",
                    "{ type: ExternalIP, address: 203.0.113.11 }", internalOnly,
                ], []
            ),
            ([internalOnly], ["--node-ip", "203.0.113.11,2001:db8::11"]),
        ]
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            for variant in variants {
                let result = try lab.node.run(
                    [Project.program, "apply", "-f", "-", "--node-name", "node-a"] + variant.arguments,
                    input: Manifests.objects(manifests, Self.node("node-a", variant.addresses)))
                #expect(result.succeeded, "\(result.standardError)")
                #expect(try mistakes(flows, in: lab) == [], "\(variant)")
            }
        }
    }
}
