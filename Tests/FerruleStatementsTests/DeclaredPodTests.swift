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

/// Statements about declared pods, of which nobody knows where they will run.
@Suite("Statements about declared pods")
struct DeclaredPodTests {
    private static let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: d}
        spec:
          type: NodePort
          clusterIP: 10.96.0.20
          internalTrafficPolicy: Local
          externalTrafficPolicy: Local
          selector: {app: web}
          ports: [{port: 80, nodePort: 30080}]
        ---

        """

    private static let node = """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        spec: {podCIDRs: [10.244.0.0/24]}
        status: {addresses: [{type: InternalIP, address: 192.0.2.10}]}
        ---

        """

    private static func deployment(_ name: String, replicas: Int) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: d}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata: {labels: {app: \(name)}}
            spec: {containers: [{name: c, image: x}]}
        ---

        """
    }

    private func checker(nodes: Bool, replicas: Int = 2) throws -> StatementChecker {
        let text =
            Self.service + (nodes ? Self.node : "") + Self.deployment("web", replicas: replicas)
            + Self.deployment("job", replicas: 1)
        let manifests = try ManifestReader { Data(text.utf8) }.read(["-"])
        var options = ResolutionOptions()
        options.assumePods = true
        let definitions = ClusterResolver(ClusterStore(manifests.objects), options: options)
        let compiler = CompilerOptions(mark: try #require(Mark(bit: 14)))
        return StatementChecker(definitions, nodeName: nil) { node in
            let view = definitions.seen(from: node)
            let cluster = view.resolveAll().cluster
            return NodeTraffic(RulesetCompiler.compile(cluster, compiler), view, cluster, nodeName: node)
        }
    }

    private static let unknown = "nobody knows where the pods of d/web will run, and internalTrafficPolicy is Local"

    @Test(
        "a pod that is an endpoint itself is never dropped by a policy Local; of others nobody knows",
        arguments: [true, false])
    func check(nodes: Bool) throws {
        func problems(_ statement: String, replicas: Int = 2) throws -> [String] {
            let text = "apiVersion: ferrule.dev/v1\nkind: TrafficTest\nmetadata: {name: t}\nspec: [{\(statement)}]\n"
            let reader = TrafficTestReader(PlainDocuments(text: text, file: "t.yaml"))
            let checker = try checker(nodes: nodes, replicas: replicas)
            let result = try #require(try checker.check(reader.tests.flatMap(\.statements)).first)
            #expect(result.nodes == (nodes ? ["n1"] : [nil]))
            #expect(result.failures.allSatisfy { $0.problem.answer != nil || $0.problem.text == Self.unknown })
            return result.failures.map(\.problem.text)
        }
        #expect(try problems("from: pod d/web, to: service d/web, goesTo: pods d/web") == [])
        #expect(try problems("from: pod d/web, to: service d/web, is: dropped") == ["it goes to 2 endpoints"])
        #expect(try problems("from: pod d/web, to: service d/web, goesTo: 2 pods d/web") == [Self.unknown])
        #expect(try problems("from: pod d/web, to: service d/web, goesTo: 1 pod d/web", replicas: 1) == [])
        // Of a node without a name nobody knows what its own programs send from.
        for sender in ["pod d/job", "outside"] + (nodes ? ["node"] : []) {
            #expect(try problems("from: \(sender), to: service d/web, is: dropped") == [Self.unknown])
        }
    }

    @Test("nothing is proposed that depends on where they will run", arguments: [true, false])
    func proposals(nodes: Bool) throws {
        let proposed = try checker(nodes: nodes).proposals().map(\.description)
        let own = "from pod d/web to service d/web goes to pods d/web, not masqueraded"
        // All pods and programs on nodes may use all endpoints at the node port.
        let atNode = ["job", "web"].map { "from pod d/\($0) to nodeport 30080 goes to 2 pods d/web, not masqueraded" }
        #expect(proposed.contains(own))
        #expect(proposed.allSatisfy { !$0.contains("dropped") && !$0.contains("on ") })
        #expect(!nodes || Set(atNode).isSubset(of: proposed))
        #expect(proposed.filter { $0.contains("service d/web") } == [own])
    }
}
