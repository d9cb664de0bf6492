// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Testing

@Suite("Changes of a cluster")
struct ClusterChangeTests {
    private func service(_ name: String, _ address: String = "10.96.0.1") -> ClusterChange {
        var spec = ServiceSpec()
        spec.clusterIP = address
        return .put(.service(Service(meta: ObjectMeta(name: name, namespace: "shop"), spec: spec)))
    }

    private func slice(_ name: String) -> ClusterChange {
        .put(.endpointSlice(EndpointSlice(meta: ObjectMeta(name: name, namespace: "shop"), addressType: "IPv4")))
    }

    @Test("Of those of one object the last alone stays, in its place")
    func compact() {
        let gone = ClusterChange.delete(.service, ObjectKey("shop", "a"))
        var changes = [service("a"), service("b"), slice("a"), gone, service("b", "10.96.0.2"), slice("b")]
        changes.compact()
        #expect(changes == [slice("a"), gone, service("b", "10.96.0.2"), slice("b")])
        changes.compact()
        #expect(changes.count == 4)
    }
}
