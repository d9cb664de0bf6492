// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab

extension PacketTheme {
    static let ports = PacketTheme(
        "Ports and services that share pods",
        [
            PacketCase(
                "several ports, one of them 90 for 80",
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "http 90/TCP", "admin 8888/TCP", "dns 53/UDP", "tcp 53/TCP"),
                    Manifests.slice(
                        "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 80/TCP", "admin 8888/TCP",
                        "dns 53/UDP",
                        "tcp 8080/TCP")),
                flows: """
                    10.244.0.7 10.96.0.10 90 -> 10.244.0.6:80 kept, 10.244.1.6:80 kept
                    10.244.0.7 10.96.0.10 8888 -> 10.244.0.6:8888 kept, 10.244.1.6:8888 kept
                    10.244.0.7 10.96.0.10 53/udp -> 10.244.0.6:53 kept, 10.244.1.6:53 kept
                    10.244.0.7 10.96.0.10 53/tcp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    10.244.0.7 10.96.0.10 80 -> refused
                    """),
            PacketCase(
                "two services share a pod",
                Manifests.objects(
                    Manifests.service("one", "10.96.0.10", "http 80/TCP 30080"),
                    Manifests.slice("one", ["10.244.0.6 node-a"], "http 8080/TCP"),
                    Manifests.service("two", "10.96.0.20", "http 80/TCP 30081"),
                    Manifests.slice("two", ["10.244.0.6 node-a", "10.244.1.6 node-b"], "http 8081/TCP")),
                flows: """
                    10.244.0.7 10.96.0.10 80 -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.20 80 -> 10.244.0.6:8081 kept, 10.244.1.6:8081 kept
                    198.51.100.1 192.0.2.11 30080 -> 10.244.0.6:8080 rewritten
                    198.51.100.1 192.0.2.11 30081 -> 10.244.0.6:8081 rewritten, 10.244.1.6:8081 rewritten
                    10.244.0.6 10.96.0.20 80 -> 10.244.0.6:8081 rewritten, 10.244.1.6:8081 kept
                    """),
        ])

    static let pods = PacketTheme(
        "Which pods get traffic",
        [
            PacketCase(
                "a target port's name means another number on each pod",
                Manifests.objects(
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: { name: web, namespace: test }
                    spec:
                      clusterIP: "10.96.0.10"
                      selector: { app: web }
                      ports: [{ port: 80, targetPort: http }]

                    """,
                    Manifests.pod("one", "web", "10.244.0.6", "http 8080/TCP"),
                    Manifests.pod("two", "web", "10.244.1.6", "http 8081/TCP"),
                    Manifests.pod("three", "web", "10.244.1.7", "other 80/TCP"),
                    Manifests.pod("four", "different", "10.244.0.7", "http 8080/TCP")),
                flows: """
                    10.244.0.7 10.96.0.10 80 -> 10.244.0.6:8080 kept, 10.244.1.6:8081 kept
                    198.51.100.1 10.96.0.10 80 -> 10.244.0.6:8080 rewritten, 10.244.1.6:8081 rewritten
                    """),
            PacketCase(
                "pods that are not ready, with and without publishNotReadyAddresses",
                Manifests.objects(
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: { name: web, namespace: test }
                    spec: { clusterIP: "10.96.0.10", selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: { name: all, namespace: test }
                    spec:
                      clusterIP: "10.96.0.20"
                      selector: { app: web }
                      publishNotReadyAddresses: true
                      ports: [{ port: 80, targetPort: 8080 }]

                    """,
                    Manifests.pod("one", "web", "10.244.0.6", "http 8080/TCP"),
                    Manifests.pod("two", "web", "10.244.1.6", isReady: false, "http 8080/TCP")),
                flows: """
                    10.244.0.7 10.96.0.10 80 -> 10.244.0.6:8080 kept
                    10.244.0.7 10.96.0.20 80 -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
                    """),
            PacketCase(
                "on the node's own address, which nothing masquerades",
                Manifests.objects(
                    Manifests.service("agent", "10.96.0.10", "tcp 80/TCP 30080", "udp 80/UDP 30080"),
                    Manifests.slice("agent", ["192.0.2.11 node-a"], "tcp 9100/TCP", "udp 9100/UDP")),
                flows: """
                    10.244.0.7 10.96.0.10 80/tcp,udp -> 192.0.2.11:9100 kept
                    198.51.100.1 10.96.0.10 80/tcp,udp -> 192.0.2.11:9100 kept
                    198.51.100.1 192.0.2.11 30080/tcp,udp -> 192.0.2.11:9100 kept
                    node 10.96.0.10 80/tcp,udp -> 192.0.2.11:9100 kept
                    """),
            PacketCase(
                "conditions of slices",
                Manifests.objects(
                    Manifests.service("mixed", "10.96.0.10", "http 80/TCP"),
                    Manifests.slice(
                        "mixed",
                        ["10.244.0.6 node-a", "10.244.0.7 node-a unready", "10.244.1.6 node-b unready terminating"],
                        "http 8080/TCP"),
                    Manifests.service("ending", "10.96.0.20", "http 80/TCP"),
                    Manifests.slice(
                        "ending", ["10.244.0.7 node-a unready", "10.244.1.6 node-b unready terminating"],
                        "http 8080/TCP"),
                    Manifests.service("gone", "10.96.0.30", "http 80/TCP"),
                    Manifests.slice(
                        "gone", ["10.244.0.7 node-a unready", "10.244.1.6 - unready unserving terminating"],
                        "http 8080/TCP")),
                flows: """
                    10.244.1.7 10.96.0.10 80 -> 10.244.0.6:8080 kept
                    10.244.0.6 10.96.0.20 80 -> 10.244.1.6:8080 kept
                    10.244.0.6 10.96.0.30 80 -> refused
                    """),
        ])

    static let otherKinds = PacketTheme(
        "Services without a virtual address, and endpoints out of the cluster",
        [
            PacketCase(
                "headless and ExternalName leave packets alone",
                Manifests.objects(
                    Manifests.service("web", "10.96.0.10", "http 80/TCP"),
                    Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP"),
                    Manifests.service("headless", "None", "http 80/TCP"),
                    Manifests.slice("headless", ["10.244.0.7 node-a", "10.244.1.6 node-b"], "http 8080/TCP"),
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: { name: name, namespace: test }
                    spec: { type: ExternalName, externalName: example.org }

                    """),
                flows: """
                    10.244.0.6 10.244.0.7 80/tcp,udp,sctp -> 10.244.0.7:80 kept
                    198.51.100.1 10.244.1.6 8080/tcp,udp,sctp -> 10.244.1.6:8080 kept
                    10.244.0.7 10.96.0.10 80 -> 10.244.0.6:8080 kept
                    """),
            PacketCase(
                "Endpoints made by hand",
                Manifests.objects(
                    Manifests.service("database", "10.96.0.10", "db 5432/TCP"),
                    """
                    apiVersion: v1
                    kind: Endpoints
                    metadata: { name: database, namespace: test }
                    subsets:
                    - addresses: [{ ip: "198.51.100.3" }]
                      ports: [{ name: db, port: 80, protocol: TCP }]

                    """),
                flows: """
                    10.244.0.7 10.96.0.10 5432 -> 198.51.100.3:80 kept
                    node 10.96.0.10 5432 -> 198.51.100.3:80 kept
                    192.0.2.12 10.96.0.10 5432 -> 198.51.100.3:80 rewritten
                    """),
        ])
}
