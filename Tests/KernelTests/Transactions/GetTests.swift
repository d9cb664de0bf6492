// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// `ferrule get --live` against a kernel.
@Suite("get --live", .needsNamespaces)
struct GetTests {
    /// What both listings know of a service.
    private struct Service: Decodable, Equatable {
        struct Port: Decodable, Equatable {
            let name: String?
            let `protocol`: String
            let port: Int
            let nodePort: Int?
            let endpoints: [String]
        }

        struct Count: Decodable, Equatable {
            let traffic: Int
        }

        let namespace: String
        let name: String
        let clusterIPs: Set<String>
        let externalAddresses: [String]
        let affinitySeconds: Int?
        let sourceRanges: [String]?
        let endpoints: Count
        var ports: [Port]
        let unserved: String?
    }

    private struct Listing: Decodable {
        let version: Int
        let source: String
        let node: String?
        let services: [Service]
    }

    private static let input = ["-f", Project.shopCluster, "--node-name", "node-a", "-q"]

    private func get(_ namespace: Namespace, _ arguments: [String]) throws -> CommandResult {
        try namespace.run([Project.program, "get"] + arguments)
    }

    private func listing(_ namespace: Namespace, _ arguments: [String]) throws -> Listing {
        let run = try get(namespace, arguments + ["--format", "json"])
        try #require(run.succeeded && run.standardError == "", "\(run.standardError)")
        return try JSONDecoder().decode(Listing.self, from: Data(run.standardOutput.utf8))
    }

    @Test("After an apply it lists the services of the definitions, as far as a kernel knows them")
    func agrees() throws {
        let namespace = try Namespace()
        #expect(try namespace.run([Project.program, "apply"] + Self.input).succeeded)
        let wanted = try listing(namespace, Self.input)
        let found = try listing(namespace, ["--live"])
        #expect(wanted.source == "definitions" && wanted.node == "node-a")
        #expect(found.source == "kernel" && found.node == nil && found.version == 1)
        let served = wanted.services.filter { $0.unserved == nil }.map { service in
            var service = service
            service.ports.sort { ($0.port, $0.protocol) < ($1.port, $1.protocol) }
            return service
        }
        #expect(found.services.count > 20)
        #expect(found.services.map(\.name) == served.map(\.name))
        for (found, wanted) in zip(found.services, served) { #expect(found == wanted) }

        let names = try get(namespace, ["--live", "--format", "name"]).standardOutput
        #expect(names == served.map { "service/\($0.namespace)/\($0.name)\n" }.joined())
        let endpoints = try get(namespace, ["endpoints", "--live", "--format", "name"]).standardOutput
        #expect(
            Set(endpoints.split(separator: "\n").map(String.init)) == Set(served.flatMap(\.ports).flatMap(\.endpoints)))
    }

    @Test("Its table has the columns of what a kernel knows, and no others")
    func columns() throws {
        let namespace = try Namespace()
        let manifest = """
            apiVersion: v1
            kind: Service
            metadata: { name: web, namespace: shop }
            spec:
              type: NodePort
              clusterIP: 10.96.0.80
              sessionAffinity: ClientIP
              externalTrafficPolicy: Local
              ports: [{ name: http, port: 80, nodePort: 30080 }]
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
            addressType: IPv4
            ports: [{ name: http, port: 8080 }]
            endpoints:
            - { addresses: [10.244.1.5], nodeName: node-a }
            - { addresses: [10.244.2.5], nodeName: node-b }
            """
        let apply = try namespace.run(
            [Project.program, "apply", "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11", "-q"],
            input: manifest)
        #expect(apply.succeeded)
        let table = try get(namespace, ["--live", "--format", "wide", "shop/web"])
        #expect(
            table.standardOutput == """
                NAMESPACE  NAME  CLUSTER-IP  EXTERNAL-IP  PORT(S)       ENDPOINTS  POLICY                          ADDRESSES
                shop       web   10.96.0.80  <none>       80:30080/TCP  2          external=Local,affinity=10800s  \
                10.244.1.5:8080,10.244.2.5:8080

                """)
        let endpoints = try get(namespace, ["endpoints", "--live"])
        #expect(
            endpoints.standardOutput == """
                NAMESPACE  SERVICE   PORT          ENDPOINT
                shop       web:http  80:30080/TCP  10.244.1.5:8080
                shop       web:http  80:30080/TCP  10.244.2.5:8080

                """)
        let unknown = try get(namespace, ["--live", "shop/wbe"])
        #expect(unknown.status == 65 && unknown.standardOutput == "")
        #expect(unknown.standardError == "error: the kernel has no service shop/wbe; did you mean shop/web?\n")
    }

    @Test("Without tables there is nothing to list, and that is said")
    func empty() throws {
        let namespace = try Namespace()
        let run = try get(namespace, ["--live"])
        #expect(run.succeeded && run.standardError == "the kernel has no table of Ferrule\n")
        #expect(run.standardOutput.split(separator: "\n").count == 1)
        #expect(try listing(namespace, ["--live", "-q"]).services.isEmpty)
    }
}
