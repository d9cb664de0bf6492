// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiscovery
import FerruleKubernetes
import FerruleManifests
import FerruleResolution
import Foundation
import Testing

/// What of a service's definitions its names follow from.
struct ServiceNamesTests {
    /// The records of the cluster's zone, but for those about its server, as `NAME TYPE VALUE`.
    private func records(_ yaml: String, assumePods: Bool = false) throws -> [String] {
        try dns(yaml, assumePods: assumePods).zones[0].records.filter { $0.name.contains(".") && $0.name != "ns.dns" }
            .map { "\($0.name) \($0.type) \($0.value.replacing(".cluster.local.", with: ""))" }
    }

    private func dns(_ yaml: String, assumePods: Bool = false) throws -> ClusterDNS {
        let manifests = try ManifestReader { Data(yaml.utf8) }.read(["-"])
        #expect(manifests.diagnostics.isEmpty)
        var options = ResolutionOptions()
        options.assumePods = assumePods
        let resolver = ClusterResolver(ClusterStore(manifests.objects), options: options)
        return ClusterDNS(
            resolver.namedServices().services, pods: resolver.pods.objects, ClusterDNS.Options())
    }

    private static let peers = """
        apiVersion: v1
        kind: Service
        metadata: { name: peers, namespace: data }
        spec: { clusterIP: None, ports: [{ name: gossip, port: 7946 }] }
        ---

        """

    @Test("a name or a port that only one of several slices has is not lost")
    func slices() throws {
        let slice = { (name: String, port: String, endpoint: String) in
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: \(name), namespace: data, labels: { kubernetes.io/service-name: peers } }
            addressType: IPv4
            ports: [\(port)]
            endpoints: [\(endpoint)]
            ---

            """
        }
        let text =
            Self.peers + slice("a", "{ name: gossip, port: 7946 }", "{ addresses: [10.244.1.1], hostname: one }")
            + slice("b", "{ name: admin, port: 80 }", "{ addresses: [10.244.1.1, 10.244.1.2], hostname: two }")
        #expect(
            try records(text) == [
                "peers.data.svc A 10.244.1.1", "peers.data.svc A 10.244.1.2",
                // Three answers, of which the last two are for one port of one target.
                "peers.data.svc SRV 0 33 7946 one.peers.data.svc", "peers.data.svc SRV 0 33 80 two.peers.data.svc",
                "_admin._tcp.peers.data.svc SRV 0 50 80 two.peers.data.svc",
                "_gossip._tcp.peers.data.svc SRV 0 100 7946 one.peers.data.svc",
                "one.peers.data.svc A 10.244.1.1", "one.peers.data.svc SRV 0 100 7946 one.peers.data.svc",
                "two.peers.data.svc A 10.244.1.1", "two.peers.data.svc A 10.244.1.2",
                "two.peers.data.svc SRV 0 50 80 two.peers.data.svc",
            ])
    }

    @Test("a declared StatefulSet's pods are named from its first ordinal on")
    func ordinals() throws {
        let set = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: { name: db, namespace: data }
            spec:
              serviceName: peers
              ordinals: { start: 5 }
              replicas: 2
              selector: { matchLabels: { app: db } }
              template:
                metadata: { labels: { app: db } }
                spec: { containers: [{ name: db }] }
            """
        let peers = Self.peers.replacing("spec: {", with: "spec: { selector: { app: db },")
        let named = try records(peers + set, assumePods: true).filter { $0.hasPrefix("db-") && $0.contains(" A ") }
            .map { $0.prefix { $0 != " " } }
        #expect(named == ["db-5.peers.data.svc", "db-6.peers.data.svc"])
    }

    @Test("of an Endpoints object the ready addresses are named, and the others where that is asked for")
    func endpointsObject() throws {
        let endpoints = """
            apiVersion: v1
            kind: Endpoints
            metadata: { name: peers, namespace: data }
            subsets:
            - addresses: [{ ip: 10.244.1.1, hostname: one }]
              notReadyAddresses: [{ ip: 10.244.1.2 }]
            """
        let named = { (text: String) in try records(text).filter { $0.hasPrefix("peers.data.svc A") }.count }
        #expect(try named(Self.peers + endpoints) == 1)
        let publishing = Self.peers.replacing("spec: {", with: "spec: { publishNotReadyAddresses: true,")
        #expect(try named(publishing + endpoints) == 2)
    }

    @Test("pods are named below a service whose name is their subdomain, and by the service's families")
    func pods() throws {
        let text = """
            apiVersion: v1
            kind: Service
            metadata: { name: peers, namespace: data }
            spec: { clusterIP: None, ipFamilies: [IPv6], selector: { app: peers } }
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: a, namespace: data, labels: { app: peers } }
            spec: { hostname: one, subdomain: peers, containers: [{ name: peers }] }
            status:
              podIPs: [{ ip: 10.244.1.1 }, { ip: "fd00::1" }]
              conditions: [{ type: Ready, status: "True" }]
            ---
            apiVersion: v1
            kind: Pod
            metadata: { name: b, namespace: data, labels: { app: peers } }
            spec: { hostname: two, subdomain: others, containers: [{ name: peers }] }
            status:
              podIPs: [{ ip: 10.244.1.2 }, { ip: "fd00::2" }]
              conditions: [{ type: Ready, status: "True" }]
            """
        #expect(
            try records(text) == [
                "peers.data.svc AAAA fd00::1", "peers.data.svc AAAA fd00::2", "fd00--2.peers.data.svc AAAA fd00::2",
                "one.peers.data.svc AAAA fd00::1", "10-244-1-1.data.pod A 10.244.1.1",
                "10-244-1-2.data.pod A 10.244.1.2",
            ])
    }

    @Test("a service that is left to another proxy is named like any other")
    func otherProxy() throws {
        let text = Self.peers.replacing("namespace: data }", with: "namespace: data, labels: { \(Self.label): x } }")
            .replacing("None", with: "10.96.0.7")
        #expect(try records(text).first == "peers.data.svc A 10.96.0.7")
    }

    private static let label = "service.kubernetes.io/service-proxy-name"

    @Test("an address of a service is nobody else's")
    func pointer() throws {
        let text = """
            apiVersion: v1
            kind: Service
            metadata: { name: inner, namespace: data }
            spec: { clusterIP: 10.96.0.7, ports: [{ port: 80 }] }
            ---
            apiVersion: v1
            kind: Service
            metadata: { name: outer, namespace: data }
            spec: { clusterIP: 10.96.0.8, ports: [{ port: 80 }] }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: outer-1, namespace: data, labels: { kubernetes.io/service-name: outer } }
            addressType: IPv4
            ports: [{ port: 80 }]
            endpoints: [{ addresses: [10.96.0.7] }, { addresses: [10.244.1.1] }]
            """
        let pointers = try dns(text).zones[1].records.filter { $0.type == "PTR" }.map { "\($0.name) \($0.value)" }
        #expect(
            pointers == [
                "7.0.96.10 inner.data.svc.cluster.local.", "8.0.96.10 outer.data.svc.cluster.local.",
                "1.1.244.10 10-244-1-1.outer.data.svc.cluster.local.",
            ])
    }
}
