// SPDX-License-Identifier: Apache-2.0

import FerruleStatements
import Testing

@Suite("Checking statements")
struct CheckerTests {
    @Test(
        "holds",
        arguments: [
            "from: pod shop/cart, to: service shop/web:http, goesTo: pods shop/web, masqueraded: false",
            "from: pod shop/web, to: service shop/web, goesTo: 3 pods shop/web, masqueraded: false",
            "from: outside, to: nodeport 30080, goesTo: 3 endpoints, masqueraded: true, onNodes: every",
            "from: outside, to: nodeport 30081, is: dropped, onNodes: node-a",
            "from: outside, to: nodeport 30081, goesTo: 1 pod shop/db, masqueraded: false, onNodes: [node-b]",
            "from: outside, to: service shop/none, is: refused",
            "from: node, to: service shop/db, goesTo: endpoints, sticky: true",
            "from: node, to: service shop/cart, goesTo: ['10.244.1.5:7070', '10.244.2.5:7070'], sticky: false",
            "from: 10.244.1.5, to: '192.0.2.12:22', is: leftAlone",
            "from: 203.0.113.77, to: '203.0.113.10:443', is: dropped",
        ])
    func holds(statement: String) throws {
        let result = try #require(try Shop.shared.get().results(statement).first)
        #expect(result.failures.map(\.problem.text) == [])
        #expect(!result.nodes.isEmpty)
    }

    @Test(
        "does not hold, and says what does instead",
        arguments: [
            ("from: outside, to: service shop/web, goesTo: pods shop/cart", "it goes to pod shop/web-0"),
            ("from: outside, to: service shop/web, goesTo: 2 endpoints", "it goes to 3 endpoints"),
            ("from: outside, to: service shop/web, is: dropped", "it goes to 3 endpoints"),
            ("from: outside, to: service shop/web, goesTo: endpoints, masqueraded: false", "it is masqueraded"),
            ("from: node, to: service shop/web, goesTo: endpoints, sticky: true", "clients do not keep their endpoint"),
            ("from: outside, to: service shop/none, goesTo: endpoints", "it is refused"),
            ("from: outside, to: service shop/none, is: dropped", "it is refused"),
            (
                "from: node, to: service shop/cart, goesTo: ['10.244.1.5:7070', '10.244.2.5:7070', '10.244.2.9:7070']",
                "it does not go to 10.244.2.9:7070"
            ),
            ("from: node, to: service shop/cart, goesTo: ['10.244.1.5:7070']", "it goes to 10.244.2.5:7070"),
            ("from: outside, to: service shop/wib, is: dropped", "there is no service shop/wib"),
            (
                "from: pod shop/nobody, to: service shop/web, is: dropped",
                "there is no pod shop/nobody, nor one whose name goes on behind it with a dash"
            ),
            ("from: pod shop/db, to: service shop/web, is: dropped, onNodes: node-a", "no pod shop/db runs there"),
        ])
    func fails(statement: String, problem: String) throws {
        let result = try #require(try Shop.shared.get().results(statement).first)
        #expect(result.failures.map(\.problem.text) == [problem])
    }

    @Test(
        "a list of endpoints holds if it has those of each family that is asked about, and no others",
        arguments: [
            ("pod shop/dual, to: service shop/both, goesTo: ['10.244.1.9:9', '[fd00::1:9]:9']", nil),
            ("10.244.2.5, to: '10.96.0.16:9', goesTo: ['10.244.1.9:9']", nil),
            (
                "pod shop/dual, to: service shop/both, goesTo: ['10.244.1.9:9']",
                "it goes to [fd00::1:9]:9, and the list has none of IPv6"
            ),
            (
                "pod shop/dual, to: service shop/both, goesTo: ['10.244.1.9:9', '[fd00::1:9]:9', '[fd00::1:8]:9']",
                "it does not go to [fd00::1:8]:9"
            ),
            (
                "10.244.2.5, to: '10.96.0.16:9', goesTo: ['10.244.1.9:9', '[fd00::1:9]:9']",
                "it does not go to [fd00::1:9]:9: nothing is sent by IPv6"
            ),
        ])
    func lists(statement: String, problem: String?) throws {
        let result = try #require(try Shop(more: Self.dualStack).results("from: \(statement)").first)
        #expect(result.failures.map(\.problem.text) == [problem].compactMap(\.self))
        #expect(result.failures.allSatisfy { $0.problem.answer != nil })
    }

    /// A service of both families, and a pod that has addresses of both.
    private static let dualStack = """
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: both, namespace: shop}
        spec:
          clusterIP: 10.96.0.16
          clusterIPs: [10.96.0.16, "fd00:96::16"]
          ipFamilies: [IPv4, IPv6]
          ipFamilyPolicy: RequireDualStack
          ports: [{port: 9}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: both-4, namespace: shop, labels: {kubernetes.io/service-name: both}}
        addressType: IPv4
        ports: [{port: 9}]
        endpoints: [{addresses: [10.244.1.9], nodeName: node-a}]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: both-6, namespace: shop, labels: {kubernetes.io/service-name: both}}
        addressType: IPv6
        ports: [{port: 9}]
        endpoints: [{addresses: ["fd00::1:9"], nodeName: node-a}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: dual-0, namespace: shop}
        spec: {nodeName: node-b, containers: [{name: main}]}
        status: {phase: Running, podIP: 10.244.2.8, podIPs: [{ip: 10.244.2.8}, {ip: "fd00::2:8"}]}

        """

    @Test("pods are counted, not their endpoints", arguments: [("1 pod", nil), ("2 pods", "it goes to 1 pod")])
    func countsPods(count: String, problem: String?) throws {
        let slices = [8080, 9090].map { port in
            """
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: twice-\(port), namespace: shop, labels: {kubernetes.io/service-name: twice}}
            addressType: IPv4
            ports: [{port: \(port)}]
            endpoints: [{addresses: [10.244.1.6], nodeName: node-a}]

            """
        }
        let service = """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: twice, namespace: shop}
            spec: {clusterIP: 10.96.0.17, ports: [{port: 80}]}

            """
        let shop = try Shop(more: service + slices.joined())
        let result = try #require(
            try shop.results("from: outside, to: service shop/twice, goesTo: \(count) shop/web").first)
        #expect(result.failures.map(\.problem.text) == [problem].compactMap(\.self))
        let proposed = shop.checker().proposals().filter { $0.toWords == "service shop/twice" }.map { "\($0.end)" }
        #expect(!proposed.isEmpty && proposed.allSatisfy { $0 == "goes to 1 pod shop/web" }, "\(proposed)")
    }

    @Test("A node port that several protocols have is proposed with its protocol, and holds so")
    func sharedNodePort() throws {
        func service(_ name: String, _ address: String, _ transport: String) -> String {
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: \(name), namespace: shop}
            spec: {type: NodePort, clusterIP: "\(address)", ports: [{port: 9, protocol: \(transport), nodePort: 30099}]}

            """
        }
        let shop = try Shop(more: service("one", "10.96.0.91", "TCP") + service("two", "fd00:96::91", "UDP"))
        let checker = shop.checker()
        let proposed = checker.proposals().filter { $0.toWords.hasPrefix("nodeport 30099") }
        #expect(proposed.contains { $0.toWords == "nodeport 30099/tcp" })
        #expect(proposed.allSatisfy { ["nodeport 30099/tcp", "nodeport 30099/udp"].contains($0.toWords) })
        #expect(try checker.check(proposed).allSatisfy(\.failures.isEmpty))
    }

    @Test("What holds instead is said with the nodes on which it does")
    func nodes() throws {
        let result = try #require(
            try Shop.shared.get().results("from: outside, to: nodeport 30081, goesTo: endpoints").first)
        #expect(result.nodes == ["node-a", "node-b"])
        #expect(result.failures.map(\.nodes) == [["node-a"]])
    }

    @Test(
        "The words of a statement say on which nodes it is to hold",
        arguments: [
            ("node-a", ", on node-a"), ("[node-a, node-b]", ", on node-a, node-b"), ("every", ", on every node"),
            ("[node-b, node-a, node-b]", ", on node-b, node-a"),
        ])
    func words(nodes: String, words: String) throws {
        let result = try #require(
            try Shop.shared.get().results("from: node, to: service shop/web, goesTo: endpoints, onNodes: \(nodes)")
                .first)
        #expect("\(result.statement)" == "from node to service shop/web goes to endpoints\(words)")
    }

    @Test("A node that is not there is an error")
    func unknownNode() throws {
        #expect(throws: StatementChecker.Failure.self) {
            try Shop.shared.get().results("from: outside, to: nodeport 30081, goesTo: endpoints, onNodes: node-z")
        }
    }
}
