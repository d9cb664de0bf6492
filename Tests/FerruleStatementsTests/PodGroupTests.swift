// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Testing

@testable import FerruleStatements

@Suite("Groups of pods")
struct PodGroupTests {
    @Test("A group is the pod of its name, and those whose names go on behind a dash")
    func members() throws {
        let group = try #require(PodGroup("shop/web"))
        #expect(["web", "web-0", "web-7d4b9c-x2x4z"].allSatisfy { group.holds(ObjectKey("shop", $0)) })
        #expect(!["website", "we", "cart-web-0"].contains { group.holds(ObjectKey("shop", $0)) })
        #expect(!group.holds(ObjectKey("other", "web-0")))
    }

    @Test("What is not NAMESPACE/NAME is no group", arguments: ["web", "shop/", "/web", "a/b/c", ""])
    func unreadable(text: String) { #expect(PodGroup(text) == nil) }

    @Test(
        "A pod's group is called after its workload",
        arguments: [
            ("web-7d4b9c-x2x4z", ["pod-template-hash": "7d4b9c"], "web"),
            ("db-0", [:], "db"),
            ("db-11", ["apps.kubernetes.io/pod-index": "11"], "db"),
            ("agent-x2x4z", ["controller-revision-hash": "5f7"], "agent"),
            ("lonely", [:], "lonely"),
        ] as [(String, Labels, String)])
    func stem(name: String, labels: Labels, expected: String) {
        var pod = Pod(meta: ObjectMeta(name: name, namespace: "shop", labels: labels), spec: PodSpec())
        pod.spec.nodeName = "node-a"
        #expect(PodGroup(of: pod).description == "shop/\(expected)")
        #expect(PodGroup(of: pod).holds(pod))
    }

    @Test("The group of a pod without a name is what its name is going to begin with")
    func nameless() {
        var pod = Pod(meta: ObjectMeta(name: "", namespace: "shop"), spec: PodSpec())
        pod.meta.generateName = "web-"
        #expect(PodGroup(of: pod).description == "shop/web")
        #expect(PodGroup(of: pod).holds(pod))
        #expect(PodGroup("shop/we")?.holds(pod) == false)
    }
}
