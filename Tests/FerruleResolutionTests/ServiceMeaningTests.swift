// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import RandomClusters
import Testing

/// What kube-proxy makes of fields that belong to other kinds of service, and of ports and addresses in several slices.
struct ServiceMeaningTests {
    @Test(
        "externalTrafficPolicy is ignored for a service that is not meant for the outside",
        arguments: [
            ("NodePort", [], TrafficPolicy.local), ("LoadBalancer", [], .local), ("ClusterIP", ["203.0.113.1"], .local),
            ("ClusterIP", [], .cluster), (nil, [], .cluster),
        ] as [(String?, [String], TrafficPolicy)])
    func externalPolicy(type: String?, externalIPs: [String], expected: TrafficPolicy) throws {
        var service = Service.make("web") { spec in
            (spec.type, spec.externalIPs, spec.externalTrafficPolicy) = (type, externalIPs, "Local")
            (spec.clusterIP, spec.internalTrafficPolicy) = ("10.96.0.1", "Local")
        }
        service.spec.ports[0].nodePort = 30_080
        let port = try #require(ClusterResolver.resolve(ClusterObjects(services: [service])).cluster.ports.first)
        #expect(port.externalPolicy == expected)
        #expect(port.internalPolicy == .local)
        #expect(port.nodePort == Port(30_080), "node ports work by presence")
    }

    /// Slices of the service `web`: name and number of their port, and their addresses.
    private func endpoints(_ slices: [(port: String, number: Int?, addresses: [String])]) -> [String] {
        let service = Service.make("web") { spec in
            (spec.clusterIP, spec.ports) = ("10.96.0.1", [.make(80, name: "http")])
        }
        var objects = ClusterObjects(services: [service])
        objects.endpointSlices = slices.enumerated().map { position, described in
            let labels: Labels = [EndpointSlice.serviceNameLabel: "web"]
            var slice = EndpointSlice(meta: ObjectMeta(name: "web-\(position)", labels: labels), addressType: "IPv4")
            var port = EndpointPort()
            (port.name, port.port) = (described.port, described.number)
            slice.ports = [port]
            slice.endpoints = described.addresses.map { text in
                var endpoint = EndpointSlice.Endpoint()
                endpoint.addresses = [text, "10.9.9.9"]
                return endpoint
            }
            return slice
        }
        return targets(objects)
    }

    @Test("the endpoints of several slices are all theirs, each with the number of its own slice")
    func severalSlices() {
        #expect(
            endpoints([
                ("http", 8080, ["10.244.0.1", "10.244.0.2"]), ("http", 8081, ["10.244.0.1"]),
                ("http", 8080, ["10.244.0.2", "10.244.0.3"]), ("metrics", 9090, ["10.244.0.4"]),
            ]) == ["10.244.0.1:8080", "10.244.0.1:8081", "10.244.0.2:8080", "10.244.0.3:8080"])
    }

    @Test("the label of a headless service takes a slice from services with a ClusterIP alone")
    func headlessSlices() {
        let label = "service.kubernetes.io/headless"
        func store(clusterIP: String) -> ClusterStore {
            var objects = ClusterObjects(services: [.make("web") { $0.clusterIP = clusterIP }])
            var slice = EndpointSlice(
                meta: ObjectMeta(name: "web-1", labels: [EndpointSlice.serviceNameLabel: "web", label: ""]),
                addressType: "IPv4")
            var (endpoint, port) = (EndpointSlice.Endpoint(), EndpointPort())
            (endpoint.addresses, port.port) = (["10.244.0.1"], 80)
            (slice.endpoints, slice.ports) = ([endpoint], [port])
            objects.endpointSlices = [slice]
            return ClusterStore(objects)
        }
        let key = ObjectKey("default", "web")
        let headless = ClusterResolver(store(clusterIP: "None")).clusterService(key)
        #expect(headless?.headlessEndpoints.map(\.address.description) == ["10.244.0.1"])
        let virtual = ClusterResolver(store(clusterIP: "10.96.0.1")).clusterService(key)
        #expect(virtual?.ports.first?.candidates[.ipv4] == [])
    }

    @Test("a port without a number, or of number 0, is passed over")
    func portsWithoutNumber() {
        #expect(endpoints([("http", nil, ["10.244.0.1"]), ("http", 0, ["10.244.0.2"])]) == [])
    }
}
