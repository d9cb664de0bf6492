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

    @Test("a node port belongs to one service, whatever the protocols", arguments: ["TCP", "UDP"])
    func rejectsSharedNodePorts(protocol: String) {
        var count = 0
        let found = twoServices {
            count += 1
            $0.spec.type = "NodePort"
            $0.spec.ports[0].nodePort = 30080
            if count == 2 { $0.spec.ports[0].protocol = `protocol` }
        }
        let message = "30080 is also a node port of Service shop/one"
        #expect(found == ["Service shop/two error: spec.ports[0].nodePort: \(message)"])
    }

    @Test("what two stored services share is a warning")
    func warnsOfStoredSharing() {
        let found = twoServices {
            $0.spec.clusterIP = "10.96.0.1"
            $0.meta.isStored = true
        }
        let message = "10.96.0.1 is also a ClusterIP of Service shop/one"
        #expect(found == ["Service shop/two warning: spec.clusterIP: \(message)"])
    }

    @Test("what a manifest takes from a stored service is the manifest's error, wherever it stands", arguments: [1, 2])
    func rejectsTaking(stored: Int) {
        var count = 0
        let found = twoServices {
            count += 1
            $0.spec.clusterIP = "10.96.0.1"
            $0.meta.isStored = count == stored
        }
        let (new, old) = stored == 1 ? ("two", "one") : ("one", "two")
        let message = "10.96.0.1 is also a ClusterIP of Service shop/\(old)"
        #expect(found == ["Service shop/\(new) error: spec.clusterIP: \(message)"])
    }

    @Test("ports of a slice that have no use are no reason to refuse it")
    func warnsOfUselessPorts() {
        var slice = EndpointSlice(meta: ObjectMeta(name: "web-abc", namespace: "shop"), addressType: "IPv4")
        slice.ports = [nil, 0, -1, 65536, 80].enumerated().map { index, number in
            var port = EndpointPort()
            (port.name, port.port) = ("p\(index)", number)
            return port
        }
        var objects = ClusterObjects()
        objects.endpointSlices = [slice]
        #expect(
            ClusterValidator.validate(objects).map(\.summary)
                == [(1, 0), (2, -1), (3, 65536)].map {
                    "warning: ports[\($0)].port: \($1) is not a port number of 1-65535; the port is ignored"
                })
    }

    @Test("an external address may be claimed twice")
    func warnsOfSharedExternalIPs() {
        let found = twoServices { $0.spec.externalIPs = ["192.0.2.1"] }
        let message = "192.0.2.1 with port 80 and TCP is also claimed by Service shop/one; only one gets it"
        #expect(found == ["Service shop/two warning: spec.externalIPs[0]: \(message)"])
    }

    @Test("endpoints that kube-proxy passes over are no reason to refuse a slice")
    func warnsOfUselessEndpoints() {
        var endpoint = EndpointSlice.Endpoint()
        endpoint.addresses = ["10.0.0.300", "127.0.0.1", "010.0.0.1", "fd00::1", "10.0.0.1"]
        var slice = EndpointSlice(meta: ObjectMeta(name: "web-abc", namespace: "shop"), addressType: "IPv4")
        slice.endpoints = [endpoint]
        var objects = ClusterObjects()
        objects.endpointSlices = [slice]
        #expect(
            ClusterValidator.validate(objects).map(\.summary) == [
                "warning: endpoints[0].addresses[0]: \"10.0.0.300\" is not an IP address; the endpoint is ignored",
                "warning: endpoints[0].addresses[1]: 127.0.0.1 is a loopback address; only the first address of an endpoint is used",
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
