// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import Testing

/// Rules that hold between objects, and those of endpoints.
struct ClusterValidationTests {
    private func twoServices(_ change: (inout Service) -> Void) -> [String] {
        var objects = ClusterObjects()
        objects.services = [Service.example("one"), Service.example("two")]
        for index in 0..<2 {
            change(&objects.services[index])
            objects.services[index].meta.origin = Origin(file: "a.yaml", document: index)
        }
        return ClusterValidator.validate(objects).map { "\($0.object ?? "") \($0.summary)" }
    }

    @Test("a ClusterIP belongs to one service, however it is written")
    func rejectsSharedClusterIPs() {
        var isFirst = true
        let found = twoServices {
            $0.spec.clusterIP = isFirst ? "fd00::1" : "FD00:0::1"
            isFirst = false
        }
        #expect(found == ["Service shop/two error: spec.clusterIP: fd00::1 is also a ClusterIP of Service shop/one"])
    }

    @Test("a node port belongs to one service")
    func rejectsSharedNodePorts() {
        let found = twoServices {
            $0.spec.type = "NodePort"
            $0.spec.ports[0].nodePort = 30080
        }
        let message = "30080 with TCP is also a node port of Service shop/one"
        #expect(found == ["Service shop/two error: spec.ports[0].nodePort: \(message)"])
    }

    @Test("an external address may be claimed twice")
    func warnsOfSharedExternalIPs() {
        let found = twoServices { $0.spec.externalIPs = ["192.0.2.1"] }
        let message = "192.0.2.1 with port 80 and TCP is also claimed by Service shop/one; only one gets it"
        #expect(found == ["Service shop/two warning: spec.externalIPs[0]: \(message)"])
    }

    @Test("endpoints that kube-proxy passes over are no reason to refuse a slice")
    func warnsOfUselessEndpoints() {
        var endpoint = Endpoint()
        endpoint.addresses = ["10.0.0.300", "127.0.0.1", "010.0.0.1", "fd00::1", "10.0.0.1"]
        var slice = EndpointSlice(meta: ObjectMeta(name: "web-abc", namespace: "shop"), addressType: "IPv4")
        slice.endpoints = [endpoint]
        var objects = ClusterObjects()
        objects.endpointSlices = [slice]
        #expect(
            ClusterValidator.validate(objects).map(\.summary) == [
                "warning: endpoints[0].addresses[0]: \"10.0.0.300\" is not an IP address; the endpoint is ignored",
                "warning: endpoints[0].addresses[1]: 127.0.0.1 is a loopback address; the endpoint is ignored",
                "warning: endpoints[0].addresses[2]: \"010.0.0.1\" is an old spelling of 10.0.0.1",
                "error: endpoints[0].addresses[3]: \"fd00::1\" is not an IPv4 address, as addressType has it",
            ])
    }

    @Test("diagnostics come in the order of the input")
    func sortsByPlace() {
        let places = [(1, 0), (0, 10), (0, 2)].map { document, index in
            Origin(file: "a", document: document, path: FieldPath("items")[index])
        }
        let found = ClusterValidator.inInputOrder(places.map { Diagnostic(.error, "x", origin: $0) })
        #expect(found.map(\.origin) == [places[2], places[1], places[0]])
    }
}
