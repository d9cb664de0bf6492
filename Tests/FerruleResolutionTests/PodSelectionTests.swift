// SPDX-License-Identifier: Apache-2.0

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
