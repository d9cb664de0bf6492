// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleManifests
import FerruleResolution
import FerruleRuleset
import FerruleStatements
import FerruleTraffic
import Foundation
import Testing

/// A cluster of two nodes with services of several kinds, and what their rulesets do with traffic.
struct Shop: Sendable {
    let definitions: ClusterResolver
    private let nodes: [String: Node]

    /// What one node is to do.
    private struct Node {
        let view: ClusterResolver
        let cluster: ResolvedCluster
        let ruleset: Ruleset
    }

    /// - Parameter more: other definitions.
    init(more: String = "") throws {
        let text = Shop.text + more
        let manifests = try ManifestReader { Data(text.utf8) }.read(["-"])
        #expect(manifests.diagnostics.isEmpty)
        definitions = ClusterResolver(ClusterStore(manifests.objects))
        let options = CompilerOptions(mark: try #require(Mark(bit: 14)))
        var nodes: [String: Node] = [:]
        for name in ["node-a", "node-b"] {
            let view = definitions.seen(from: name)
            let cluster = view.resolveAll().cluster
            nodes[name] = Node(view: view, cluster: cluster, ruleset: RulesetCompiler.compile(cluster, options))
        }
        self.nodes = nodes
    }

    /// One for all tests.
    static let shared = Result { try Shop() }

    /// The tables of all nodes.
    var tables: [Table] { nodes.values.flatMap(\.ruleset.tables) }

    /// - Parameter change: changes each table.
    func checker(change: @escaping (inout Table) -> Void = { _ in }) -> StatementChecker {
        StatementChecker(definitions, nodeName: nil) { node in
            guard let name = node else { preconditionFailure("the shop has two nodes") }
            return traffic(on: name, change: change)
        }
    }

    /// What a node does with packets.
    func traffic(on name: String, change: (inout Table) -> Void = { _ in }) -> NodeTraffic {
        guard let known = nodes[name] else { preconditionFailure("the shop has two nodes") }
        var ruleset = known.ruleset
        for index in ruleset.tables.indices { change(&ruleset.tables[index]) }
        return NodeTraffic(ruleset, known.view, known.cluster, nodeName: name)
    }

    /// The results of statements, given as the entries of `spec`.
    func results(_ statements: String...) throws -> [StatementResult] {
        let lines = statements.map { "  - {\($0)}" }.joined(separator: "\n")
        let text = "apiVersion: ferrule.dev/v1\nkind: TrafficTest\nmetadata: {name: shop}\nspec:\n\(lines)\n"
        let reader = TrafficTestReader(PlainDocuments(text: text, file: "traffic.yaml"))
        #expect(reader.diagnostics.isEmpty, "\(reader.diagnostics)")
        return try checker().check(reader.tests.flatMap(\.statements))
    }

    private static func service(_ name: String, _ address: String, _ rest: String) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: shop}
        spec: {clusterIP: \(address), selector: {app: \(name)}, \(rest)}

        """
    }

    private static func pod(_ name: String, _ app: String, _ address: String, _ node: String) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: shop, labels: {app: \(app)}}
        spec: {nodeName: \(node), containers: [{name: main}]}
        status: {phase: Running, podIP: \(address), podIPs: [{ip: \(address)}], conditions: [{type: Ready, status: "True"}]}

        """
    }

    private static func node(_ name: String, _ number: Int) -> String {
        """
        apiVersion: v1
        kind: Node
        metadata: {name: \(name)}
        spec: {podCIDRs: [10.244.\(number).0/24]}
        status: {addresses: [{type: InternalIP, address: 192.0.2.1\(number)}]}

        """
    }

    private static let text = [
        node("node-a", 1), node("node-b", 2),
        pod("cart-0", "cart", "10.244.1.5", "node-a"), pod("cart-1", "cart", "10.244.2.5", "node-b"),
        pod("web-0", "web", "10.244.1.6", "node-a"), pod("web-1", "web", "10.244.1.7", "node-a"),
        pod("web-2", "web", "10.244.2.6", "node-b"), pod("db-0", "db", "10.244.2.7", "node-b"),
        service("cart", "10.96.0.10", "ports: [{name: grpc, port: 7070}]"),
        service(
            "web", "10.96.0.11",
            "type: NodePort, ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080}]"),
        service(
            "gate", "10.96.0.12",
            "type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24], externalIPs: [203.0.113.9], "
                + "ports: [{port: 443, nodePort: 30443}]"
        ).replacingOccurrences(of: "app: gate}", with: "app: web}")
            + "status: {loadBalancer: {ingress: [{ip: 203.0.113.10}]}}\n",
        service(
            "near", "10.96.0.13",
            "type: NodePort, externalTrafficPolicy: Local, internalTrafficPolicy: Local, "
                + "ports: [{port: 81, nodePort: 30081}]"
        ).replacingOccurrences(of: "app: near}", with: "app: db}"),
        service("db", "10.96.0.14", "sessionAffinity: ClientIP, ports: [{port: 5432}]")
            .replacingOccurrences(of: "app: db}", with: "app: cart}"),
        service("none", "10.96.0.15", "ports: [{port: 9}]"),
    ].joined(separator: "---\n")
}
