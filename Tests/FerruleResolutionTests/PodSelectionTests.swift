// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiagnostics
import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import FerruleTestSupport
import RandomClusters
import Testing

/// Endpoints from pods and from declared workloads.
struct PodSelectionTests {
    @Test(
        "a target port is a number, a name of the pod's own, or the port of the service",
        arguments: [
            (nil, "TCP", 80), (.number(8080), "TCP", 8080), (.number(0), "TCP", 80), (.name("http"), "TCP", 8000),
            (.name("http"), "UDP", 8001), (.name("other"), "TCP", nil), (.name("http"), "SCTP", nil),
        ] as [(IntOrString?, String, Int?)])
    func targetPorts(target: IntOrString?, transport: String, expected: Int?) {
        let service = Service.make("web") { spec in
            spec.clusterIP = "10.96.0.1"
            spec.selector = ["app": "web"]
            spec.ports = [.make(80, protocol: transport, target: target)]
        }
        let pod = Pod.make(
            "web-1", "10.244.0.5", ports: [("http", nil, 8000), ("http", "UDP", 8001), ("metrics", "TCP", 9000)])
        let objects = ClusterObjects(services: [service], pods: [pod])
        #expect(targets(objects) == (expected.map { ["10.244.0.5:\($0)"] } ?? []))
    }

    @Test(
        "all labels of the selector must match, in the namespace of the service",
        arguments: [
            (["app": "web"], ["10.244.0.1:80", "10.244.0.2:80"]),
            (["app": "web", "track": "canary"], ["10.244.0.2:80"]),
            (["track": "canary", "app": "mail"], []),
            ([:], []),
        ] as [(Labels, [String])])
    func selectors(selector: Labels, expected: [String]) {
        let service = Service.make("web") { spec in
            spec.clusterIP = "10.96.0.1"
            spec.selector = selector
        }
        var stranger = Pod.make("web-1", "10.244.0.9", labels: ["app": "web", "track": "canary"])
        stranger.meta.namespace = "test"
        let pods = [
            Pod.make("web-1", "10.244.0.1"), .make("web-2", "10.244.0.2", labels: ["app": "web", "track": "canary"]),
            .make("mail-1", "10.244.0.3", labels: ["app": "mail"]), stranger,
        ]
        #expect(targets(ClusterObjects(services: [service], pods: pods)) == expected)
    }

    @Test("pods and workloads whose names the API server is to choose are one each", arguments: [true, false])
    func nameless(areWorkloads: Bool) {
        func meta(_ document: Int) -> ObjectMeta {
            var meta = ObjectMeta(name: "", labels: ["app": "web"], origin: Origin(file: "a.yaml", document: document))
            meta.generateName = "web-"
            return meta
        }
        let service = Service.make("web") { ($0.clusterIP, $0.selector) = ("10.96.0.1", ["app": "web"]) }
        var objects = ClusterObjects(services: [service])
        if areWorkloads {
            objects.workloads = (0..<2).map {
                var workload = Workload.make("web", replicas: 2)
                workload.meta = meta($0)
                return workload
            }
        } else {
            objects.pods = (0..<4).map { Pod(meta: meta($0), spec: PodSpec()) }
        }
        var options = ResolutionOptions()
        #expect(
            ClusterResolver.resolve(objects, options: options).diagnostics.contains { $0.message.contains("web-*)") })
        options.assumePods = true
        #expect(Set(targets(objects, options)).count == 4)
    }

    private func assumed(_ workloads: [Workload]) -> [String: [String]] {
        let services = workloads.map { workload in
            Service.make(workload.meta.name) { $0.selector = ["app": workload.meta.name] }
        }
        var options = ResolutionOptions()
        options.assumePods = true
        let objects = ClusterObjects(services: services, workloads: workloads)
        let ports = ClusterResolver.resolve(objects, options: options).cluster.ports
        return Dictionary(
            uniqueKeysWithValues: ports.map { ($0.service, $0.endpoints.cluster.map(\.address.description)) })
    }

    @Test("placeholder pods follow from names alone, and no two have one address", arguments: 1...5)
    func assumedPods(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let workloads = (0..<50).map { Workload.make("w-\($0)", replicas: $0 % 5) }
        let expected = assumed(workloads)
        #expect(assumed(workloads.shuffled(using: &generator)) == expected)
        #expect(Set(expected.values.flatMap(\.self)).count == workloads.compactMap(\.replicas).reduce(0, +))
        #expect(expected["w-4"]?.count == 4)
        #expect(expected["w-5"] == [])
    }

    /// The addresses of pods with placeholders, by name.
    private func placeholders(_ objects: ClusterObjects, ranges: [String] = []) throws -> (
        [String: [String]], [Diagnostic]
    ) {
        var options = ResolutionOptions()
        options.assumePods = true
        options.clusterCIDRs = try ranges.map { try #require(Prefix($0)) }
        let resolver = ClusterResolver(ClusterStore(objects), options: options)
        let pods = resolver.pods.objects.map { ($0.meta.name, $0.podIPs) }
        let warnings = resolver.resolveAll().diagnostics.filter { $0.message.hasPrefix("no address is left") }
        return (Dictionary(uniqueKeysWithValues: pods), warnings)
    }

    private func node(_ name: String, _ range: String, address: String? = nil) -> Node {
        var node = Node(meta: ObjectMeta(name: name, namespace: ""))
        node.podCIDRs = [range]
        if let address {
            var known = NodeAddress()
            (known.type, known.address) = ("InternalIP", address)
            node.addresses = [known]
        }
        return node
    }

    @Test("placeholders are of all ranges of the nodes, those of a node's own pods of its range")
    func rangesOfNodes() throws {
        var objects = ClusterObjects(services: [], workloads: [.make("web", replicas: 10)])
        objects.nodes = [node("node-a", "10.244.0.0/29"), node("node-b", "10.244.1.0/29")]
        let (spread, warnings) = try placeholders(objects)
        #expect(Set(spread.values.flatMap(\.self)).count == 10 && warnings.isEmpty)
        objects.workloads = [.make("web", replicas: 13)]
        let (_, short) = try placeholders(objects)
        #expect(
            short.map(\.message) == [
                "no address is left in 10.244.0.0/29, 10.244.1.0/29 for the assumed pod web-deployment-9"
            ])
        objects.workloads = [.make("log", replicas: nil, kind: .daemonSet)]
        let (own, _) = try placeholders(objects)
        #expect(try #require(own["log-daemonset-0"]?.first).hasPrefix("10.244.0."))
        #expect(try #require(own["log-daemonset-1"]?.first).hasPrefix("10.244.1."))
    }

    @Test(
        "a StatefulSet's pods are called as its controller does, from the first ordinal on",
        arguments: [
            (nil, ["db-0", "db-1"]), (0, ["db-0", "db-1"]), (5, ["db-5", "db-6"]), (-1, ["db-0", "db-1"]),
        ] as [(Int?, [String])])
    func ordinals(first: Int?, names: [String]) throws {
        var workload = Workload.make("db", replicas: 2, kind: .statefulSet)
        workload.firstOrdinal = first
        let (found, _) = try placeholders(
            ClusterObjects(services: [], workloads: [workload]), ranges: ["10.244.0.0/16"])
        #expect(found.keys.sorted() == names)
        #expect(Set(found.values.flatMap(\.self)).count == 2)
    }

    @Test("a StatefulSet's pod is called otherwise where another pod has its name, or may have it")
    func ordinalsTaken() throws {
        func names(_ pods: [Pod], _ workloads: [Workload]) throws -> [String] {
            let objects = ClusterObjects(services: [], pods: pods, workloads: workloads)
            return try placeholders(objects, ranges: ["10.244.0.0/16"]).0.keys.sorted()
        }
        let database = Workload.make("db", replicas: 2, kind: .statefulSet)
        #expect(
            try names([.make("db-0", "10.244.0.9", labels: ["app": "other"])], [database])
                == ["db-0", "db-1", "db-statefulset-0"])
        let near = Workload.make("db-deployment", replicas: 1, kind: .statefulSet)
        #expect(
            try names([], [.make("db", replicas: 1), near]) == ["db-deployment-0", "db-deployment-statefulset-0"])
    }

    @Test("a placeholder is no address of a pod, an endpoint or a node")
    func knownAddresses() throws {
        var objects = ClusterObjects(
            services: [], pods: [.make("db", "10.244.0.1", labels: ["app": "db"])],
            workloads: [.make("web", replicas: 2)])
        var slice = EndpointSlice(meta: ObjectMeta(name: "a"), addressType: "IPv4")
        slice.endpoints = [EndpointSlice.Endpoint()]
        slice.endpoints[0].addresses = ["10.244.0.2"]
        var subset = EndpointSubset()
        (subset.addresses, subset.notReadyAddresses) = ([EndpointAddress()], [EndpointAddress()])
        (subset.addresses[0].ip, subset.notReadyAddresses[0].ip) = ("10.244.0.3", "10.244.0.4")
        var endpoints = Endpoints(meta: ObjectMeta(name: "b"))
        endpoints.subsets = [subset]
        (objects.endpointSlices, objects.endpoints) = ([slice], [endpoints])
        objects.nodes = [node("node-a", "10.1.0.0/24", address: "10.244.0.5")]
        let (found, warnings) = try placeholders(objects, ranges: ["10.244.0.0/29"])
        #expect(found.filter { $0.key != "db" }.values.flatMap(\.self) == ["10.244.0.6"])
        #expect(warnings.count == 1)
    }

    @Test(
        "a headless service has the pods' addresses of its families alone",
        arguments: [
            (nil, nil, ["10.244.0.5"]), (["IPv4"], "PreferDualStack", ["10.244.0.5", "fd00::5"]),
            (["IPv6"], nil, ["fd00::5"]), (nil, "RequireDualStack", ["10.244.0.5", "fd00::5"]),
        ] as [([String]?, String?, [String])])
    func headlessFamilies(families: [String]?, policy: String?, expected: [String]) throws {
        let service = Service.make("web") { spec in
            (spec.clusterIP, spec.selector) = ("None", ["app": "web"])
            (spec.ipFamilies, spec.ipFamilyPolicy) = (families, policy)
        }
        var pod = Pod.make("web-1", "10.244.0.5")
        pod.podIPs.append("fd00::5")
        let resolver = ClusterResolver(ClusterStore(ClusterObjects(services: [service], pods: [pod])))
        let read = try #require(resolver.clusterService(ObjectKey("default", "web")))
        #expect(read.headlessEndpoints.map(\.address.description) == expected)
        #expect(resolver.namedServices().services[0].endpoints.map(\.address.description) == expected)
    }

    @Test("more replicas leave the placeholder pods of the others where they are")
    func scaledUp() throws {
        let before = assumed([.make("web", replicas: 2), .make("mail", replicas: 1)])
        let after = assumed([.make("web", replicas: 4), .make("mail", replicas: 1)])
        #expect(after["mail"] == before["mail"])
        #expect(Set(try #require(before["web"])).isSubset(of: try #require(after["web"])))
        #expect(after["web"]?.count == 4)
    }

    @Test(
        "a selector that matches only declared pods is warned of, by the first of their names",
        arguments: [
            (
                [Workload.make("web", replicas: 1, kind: .statefulSet), .make("web", replicas: 1)], [],
                "Deployment default/web"
            ),
            ([], [Pod.make("web-1", "")], "Pod default/web-1"),
            ([Workload.make("web", replicas: 1)], [Pod.make("web-1", "10.244.0.5")], nil),
            ([Workload.make("mail", replicas: 1)], [], nil),
        ] as [([Workload], [Pod], String?)])
    func warnings(workloads: [Workload], pods: [Pod], expected: String?) {
        let service = Service.make("web") { $0.selector = ["app": "web"] }
        let objects = ClusterObjects(services: [service], pods: pods, workloads: workloads)
        let messages = ClusterResolver.resolve(objects).diagnostics.filter { $0.object != nil }.map(\.message)
        let message = expected.map {
            "matches only declared pods, which have no address yet (\($0)): the service has no endpoints"
        }
        #expect(messages == (message.map { [$0] } ?? []))
    }
}
