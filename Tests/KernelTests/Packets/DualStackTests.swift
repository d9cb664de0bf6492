// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

@Suite("Dual stack", .needsNamespaces)
struct DualStackTests {
    /// A service of both families, whose pods are of both, and one of IPv6 alone on the same pods.
    private static let manifests = Manifests.objects(
        """
        apiVersion: v1
        kind: Service
        metadata: { name: both, namespace: test }
        spec:
          type: NodePort
          clusterIP: "10.96.0.10"
          clusterIPs: ["10.96.0.10", "fd00:10:96::10"]
          ipFamilies: [IPv4, IPv6]
          ipFamilyPolicy: RequireDualStack
          selector: { app: web }
          ports:
            - { name: tcp, port: 80, targetPort: 8080, protocol: TCP, nodePort: 30080 }
            - { name: udp, port: 80, targetPort: 8080, protocol: UDP, nodePort: 30080 }
            - { name: sctp, port: 80, targetPort: 8080, protocol: SCTP, nodePort: 30080 }
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: six, namespace: test }
        spec:
          type: NodePort
          clusterIP: "fd00:10:96::20"
          ipFamilies: [IPv6]
          selector: { app: web }
          ports: [{ port: 80, targetPort: 8081, nodePort: 30081 }]

        """,
        pod("one", "node-a", "10.244.0.6", "fd00:10:244::6"), pod("two", "node-b", "10.244.1.6", "fd00:10:244:1::6"))

    private static func pod(_ name: String, _ node: String, _ addresses: String...) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: { name: \(name), namespace: test, labels: { app: web } }
        spec: { nodeName: \(node), containers: [{ name: main, image: none }] }
        status:
          phase: Running
          podIP: "\(addresses[0])"
          podIPs: [\(addresses.map { "{ ip: \"\($0)\" }" }.joined(separator: ", "))]
          conditions: [{ type: Ready, status: "True" }]

        """
    }

    private static let flows = """
        10.244.0.7 10.96.0.10 80/tcp,udp,sctp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
        fd00:10:244::7 fd00:10:96::10 80/tcp,udp,sctp -> fd00:10:244::6:8080 kept, fd00:10:244:1::6:8080 kept
        198.51.100.1 192.0.2.11 30080/tcp,udp,sctp -> 10.244.0.6:8080 rewritten, 10.244.1.6:8080 rewritten
        2001:db8:ffff::1 2001:db8::11 30080/tcp,udp -> fd00:10:244::6:8080 rewritten, fd00:10:244:1::6:8080 rewritten
        fd00:10:244::7 fd00:10:96::20 80 -> fd00:10:244::6:8081 kept, fd00:10:244:1::6:8081 kept
        2001:db8:ffff::1 2001:db8::11 30081 -> fd00:10:244::6:8081 rewritten, fd00:10:244:1::6:8081 rewritten
        # the node's own stack says that nobody listens
        198.51.100.1 192.0.2.11 30081 -> refused
        fd00:10:244::6 fd00:10:96::10 80 -> fd00:10:244::6:8080 rewritten, fd00:10:244:1::6:8080 kept
        """

    @Test("Each family has its own endpoints, and a family that a service lacks has nothing")
    func families() throws {
        try Lab.with(.packets) { lab in
            try lab.serveForPackets()
            try lab.node.apply(try TestCluster(Self.manifests).ruleset())
            for flow in try Flow.table(Self.flows) {
                let mistakes = flow.mistakes(in: try lab.probe(flow.probes), node: lab.topology.node)
                #expect(mistakes == [])
            }
        }
    }
}
