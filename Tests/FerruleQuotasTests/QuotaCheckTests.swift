// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import Foundation
import Testing

@testable import FerruleQuotas
import FerruleTestSupport

/// What an input declares is counted as an API server counts it.
struct QuotaCheckTests {
    private func found(_ objects: [String], isBinding: Bool = false) throws -> [Diagnostic] {
        let text = objects.joined(separator: "\n---\n")
        let manifests = try ManifestReader { Data(text.utf8) }.read(["-"])
        #expect(manifests.diagnostics == [])
        return QuotaCheck.diagnostics(of: manifests.objects, isBinding: isBinding)
    }

    private func quota(_ hard: String, more: String = "") -> String {
        """
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: test-quotas, namespace: test}
        spec:
          hard: {\(hard)}
          \(more)
        """
    }

    private func workload(
        _ kind: String, _ name: String, replicas: Int, labels: String = "", uid: String = "", namespace: String = "test"
    ) -> String {
        """
        apiVersion: \(kind == "ReplicationController" ? "v1" : "apps/v1")
        kind: \(kind)
        metadata: {name: \(name), namespace: \(namespace)\(uid.isEmpty ? "" : ", uid: \(uid)")}
        spec:
          replicas: \(replicas)
          template: {metadata: {labels: {app: \(name)\(labels)}}}
        """
    }

    private func service(_ name: String, _ spec: String) -> String {
        "apiVersion: v1\nkind: Service\nmetadata: {name: \(name), namespace: test}\nspec: {\(spec)}"
    }

    private func pod(_ name: String, app: String, phase: String = "Running") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: test, labels: {app: \(app)}, uid: u-\(name)}
        status: {phase: \(phase)}
        """
    }

    @Test("one that declares too much is named with both numbers, at the field that says so")
    func one() throws {
        let found = try found([quota("pods: 3"), workload("ReplicationController", "busybox-ns", replicas: 4)])
        #expect(
            found.map(\.message) == [
                "ReplicationController test/busybox-ns declares 4 pods; ResourceQuota test/test-quotas is limited to 3 pods"
            ])
        #expect(found.first?.origin?.path == FieldPath("spec", "replicas"))
        #expect(found.first?.origin?.document == 1)
    }

    @Test("several are named with their numbers, the largest first, at the limit")
    func several() throws {
        let found = try found([
            quota("pods: \"5\""), workload("Deployment", "a", replicas: 2), workload("StatefulSet", "b", replicas: 4),
        ])
        #expect(
            found.map(\.message) == [
                "StatefulSet test/b (4) and Deployment test/a (2) declare 6 pods; "
                    + "ResourceQuota test/test-quotas is limited to 5 pods"
            ])
        #expect(found.first?.origin?.path == FieldPath("spec", "hard", "pods"))
    }

    @Test("two limits of one thing are told once, if they are told in the same words")
    func twoLimits() throws {
        let objects = [service("a", "ports: [{port: 80}]"), service("b", "ports: [{port: 80}]")]
        #expect(try found([quota("services: 1, count/services: 1")] + objects).count == 1)
        #expect(try found([quota("services: 1, count/services: 0")] + objects).count == 2)
    }

    @Test("of many the first are named")
    func many() throws {
        let services = (1...6).map { service("s\($0)", "ports: [{port: 80}]") }
        #expect(
            try found([quota("services: 5")] + services).map(\.message) == [
                "Service test/s1, Service test/s2, Service test/s3 and 3 more declare 6 services; "
                    + "ResourceQuota test/test-quotas is limited to 5 services"
            ])
    }

    @Test(
        "what fits, is elsewhere, or is not judged, is no excess",
        arguments: [
            "pods: 4", "pods: 4k", "pods: 1Gi", "services: 0", "cpu: 100m", "count/deployments.apps: 0", "pods: 5e0",
            "count/widgets.example.com: 0", "count/jobs.batch: 0", "count/replicationcontrollers: 1",
        ])
    func fits(hard: String) throws {
        #expect(
            try found([
                quota(hard), workload("ReplicationController", "a", replicas: 4),
                workload("Deployment", "a", replicas: 9, namespace: "other"),
            ]) == [])
    }

    private func pod(_ name: String, spec: String) -> String {
        "apiVersion: v1\nkind: Pod\nmetadata: {name: \(name), namespace: test}\nspec: {\(spec)}"
    }

    private func deployment(_ name: String, replicas: Int = 3, _ spec: String) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: test}
        spec: {replicas: \(replicas), template: {metadata: {labels: {app: \(name)}}, spec: {\(spec)}}}
        """
    }

    /// How many pods and of whom a quota of some scopes is exceeded by; nil where it is not, or not judged.
    private func excess(_ scopes: String, _ objects: [String]) throws -> String? {
        try found([quota("pods: 0, services: 0", more: scopes), service("web", "ports: [{port: 80}]")] + objects)
            .map { String($0.message.prefix { $0 != ";" }) }.first
    }

    @Test("a quota with scopes is about the pods that fit all of them, and not about services")
    func scopes() throws {
        let objects = [
            pod("job", spec: "activeDeadlineSeconds: 60, priorityClassName: low"),
            pod("web", spec: "hostNetwork: false"),
            deployment("app", "containers: [{name: app}]"),
        ]
        #expect(try excess("scopes: [Terminating]", objects) == "Pod test/job declares 1 pod")
        #expect(
            try excess("scopes: [NotTerminating]", objects)
                == "Deployment test/app (3) and Pod test/web (1) declare 4 pods")
        func both(_ name: String) -> String {
            "scopes: [Terminating]\n  scopeSelector: {matchExpressions: "
                + "[{scopeName: PriorityClass, operator: In, values: [\(name)]}]}"
        }
        #expect(try excess(both("low"), objects) == "Pod test/job declares 1 pod")
        #expect(try excess(both("high"), objects) == nil)
        #expect(try excess("scopes: [CrossNamespacePodAffinity]", objects) == nil)
        #expect(try excess("scopes: []", [])?.contains("1 service") == true)
        let message = try found([quota("pods: 1", more: "scopes: [BestEffort]"), deployment("app", "nodeName: a")])
        #expect(
            message.map(\.message) == [
                "Deployment test/app declares 3 pods; ResourceQuota test/test-quotas (BestEffort) is limited to 1 pod"
            ])
    }

    @Test(
        "priority classes are selected as labels are",
        arguments: [
            ("operator: Exists", "Deployment test/app, Pod test/high and Pod test/low declare 3 pods"),
            ("operator: DoesNotExist", "Pod test/none declares 1 pod"),
            ("operator: In, values: [high, none]", "Pod test/high declares 1 pod"),
            ("operator: NotIn, values: [high, mid]", "Pod test/low and Pod test/none declare 2 pods"),
            ("operator: Gt, values: [a]", nil),
        ])
    func priorityClasses(selector: String, expected: String?) throws {
        let objects = [
            pod("high", spec: "priorityClassName: high"), pod("low", spec: "priorityClassName: low"),
            pod("none", spec: "hostNetwork: true"), deployment("app", replicas: 1, "priorityClassName: mid"),
        ]
        let scopes = "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, \(selector)}]}"
        #expect(try excess(scopes, objects) == expected)
    }

    @Test(
        "a pod is of the class BestEffort that asks for nothing of processor and memory",
        arguments: [
            ("containers: [{name: a}]", true),
            (
                "containers: [{name: a, resources: {requests: {cpu: 0, nvidia.com/gpu: 1}, limits: {memory: \"0\"}}}]",
                true
            ),
            ("containers: [{name: a}, {name: b, resources: {requests: {cpu: 100m}}}]", false),
            ("containers: [{name: a}], initContainers: [{name: b, resources: {limits: {memory: 1Mi}}}]", false),
            ("containers: [{name: a}], resources: {requests: {memory: 64Mi}}", false),
        ])
    func bestEffort(spec: String, isBestEffort: Bool) throws {
        let declares = "Pod test/a declares 1 pod"
        #expect(try excess("scopes: [BestEffort]", [pod("a", spec: spec)]) == (isBestEffort ? declares : nil))
        #expect(try excess("scopes: [NotBestEffort]", [pod("a", spec: spec)]) == (isBestEffort ? nil : declares))
    }

    @Test(
        "node ports are counted by what services ask for",
        arguments: [
            ("type: NodePort, ports: [{port: 80}, {port: 81}]", 2),
            ("type: LoadBalancer, ports: [{port: 80}, {port: 81}]", 2),
            ("type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}, {port: 81}]", 0),
            (
                "type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80, nodePort: 30080}, {port: 81}]",
                1
            ),
            ("ports: [{port: 80}]", 0),
        ])
    func nodePorts(spec: String, count: Int) throws {
        let found = try found([quota("services.nodeports: 0"), service("web", spec)]).map(\.message)
        let ports = count == 1 ? "1 node port" : "\(count) node ports"
        #expect(
            found
                == (count == 0
                    ? []
                    : ["Service test/web declares \(ports); ResourceQuota test/test-quotas is limited to 0 node ports"])
        )
    }

    @Test(
        "objects are counted by their kind",
        arguments: [
            ("services.loadbalancers", "1 load balancer"), ("count/services", "1 service"),
            ("replicationcontrollers", "1 ReplicationController"),
            ("count/replicationcontrollers", "1 ReplicationController"), ("count/deployments.apps", "1 Deployment"),
            ("count/statefulsets.apps", "1 StatefulSet"), ("count/daemonsets.apps", "1 DaemonSet"),
            ("count/replicasets.apps", "1 ReplicaSet"), ("resourcequotas", "1 ResourceQuota"),
        ])
    func counts(name: String, words: String) throws {
        let found = try found([
            quota("\(name): 0"), service("web", "type: LoadBalancer, ports: [{port: 80}]"),
            workload("ReplicationController", "a", replicas: 0), workload("Deployment", "b", replicas: 0),
            workload("StatefulSet", "c", replicas: 0), workload("DaemonSet", "d", replicas: 0),
            workload("ReplicaSet", "e", replicas: 0),
        ])
        #expect(found.count == 1)
        #expect(found.first?.message.contains(" declares \(words);") == true, "\(found)")
    }

    @Test("pods that are there are not counted again for what made them; ended ones only as objects")
    func presentPods() throws {
        let objects = [
            workload("Deployment", "web", replicas: 3, uid: "u1"),
            workload("ReplicaSet", "web-7c9", replicas: 3, labels: "x, app: web, pod-template-hash: 7c9", uid: "u2")
                .replacingOccurrences(of: "app: web-7c9x, ", with: ""),
            pod("web-1", app: "web"), pod("web-2", app: "web"), pod("web-0", app: "web", phase: "Succeeded"),
        ]
        #expect(try found([quota("pods: 3")] + objects) == [])
        func message(_ limit: String, _ more: [String] = []) throws -> String? {
            try found([quota(limit)] + objects + more).map { String($0.message.prefix { $0 != ";" }) }.first
        }
        #expect(try message("pods: 2") == "Deployment test/web declares 3 pods")
        #expect(try message("count/pods: 3") == "Deployment test/web (3) and Pod test/web-0 (1) declare 4 pods")
        let more = [pod("web-3", app: "web"), pod("web-4", app: "web"), pod("lone", app: "lone")]
        #expect(
            try message("pods: 2", more)
                == "Deployment test/web (3), Pod test/web-4 (1) and Pod test/lone (1) declare 5 pods")
    }

    @Test("thousands of Deployments with their ReplicaSets are counted at once")
    func manyDeployments() {
        var objects = ClusterObjects()
        for number in 0..<8000 {
            for kind in [Workload.Kind.deployment, .replicaSet] {
                var workload = Workload(kind: kind, meta: ObjectMeta(name: "w\(number)", namespace: "test"))
                workload.templateLabels = ["app": "w\(number)", "team": "a"]
                if kind == .replicaSet { workload.templateLabels["pod-template-hash"] = "7c9" }
                objects.workloads.append(workload)
            }
        }
        var quota = ResourceQuota(meta: ObjectMeta(name: "q", namespace: "test"))
        quota.hard = ["pods": Quantity("7999")]
        objects.resourceQuotas = [quota]
        var found: [String] = []
        let time = threadTime { found = QuotaCheck.diagnostics(of: objects, isBinding: false).map(\.message) }
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(" declare 8000 pods; ResourceQuota test/q is limited to 7999 pods") == true)
        // Each asking all others takes minutes.
        #expect(time < 15, "\(time) s")
    }

    @Test("what binds is an error, unless an API server has written all of it")
    func severity() throws {
        let (given, stored) = (
            workload("Deployment", "a", replicas: 2), workload("Deployment", "b", replicas: 2, uid: "u")
        )
        func severities(_ objects: [String], _ isBinding: Bool) throws -> [Diagnostic.Severity] {
            try found([quota("pods: 1")] + objects, isBinding: isBinding).map(\.severity)
        }
        #expect(try severities([given], true) == [.error])
        #expect(try severities([given, stored], true) == [.error])
        #expect(try severities([stored], true) == [.warning])
        #expect(try severities([given], false) == [.warning])
    }

    @Test("numbers beyond all counting do not end the program")
    func largeNumbers() throws {
        let found = try found([
            quota("pods: 1"), workload("Deployment", "a", replicas: .max), workload("Deployment", "b", replicas: .max),
        ])
        #expect(found.count == 1)
    }
}
