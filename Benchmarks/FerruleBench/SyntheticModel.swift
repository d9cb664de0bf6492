// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleNetwork

/// A made-up cluster as objects in memory: what the phases after reading cost at sizes for which no input is at hand.
struct SyntheticModel: Codable {
    /// Services of one size.
    struct Group: Codable {
        var services: Int
        /// Of each service.
        var endpoints: Int
    }

    var groups: [Group]

    init(_ groups: (services: Int, endpoints: Int)...) {
        self.groups = groups.map { Group(services: $0.services, endpoints: $0.endpoints) }
    }

    /// `10001 x 10 + 1 x 5000`
    var title: String { groups.map { "\($0.services) x \($0.endpoints)" }.joined(separator: " + ") }

    /// The API server puts no more into one slice.
    private static let sliceLength = 100

    func objects() -> ClusterObjects {
        var objects = ClusterObjects()
        var pod = 0
        for group in groups {
            for _ in 0..<group.services {
                let index = objects.services.count
                objects.services.append(service(index))
                for first in stride(from: 0, to: group.endpoints, by: Self.sliceLength) {
                    let count = min(Self.sliceLength, group.endpoints - first)
                    objects.endpointSlices.append(slice(of: index, number: first, pods: pod..<pod + count))
                    pod += count
                }
            }
        }
        return objects
    }

    /// The same objects with one endpoint of one service at another address, as if its pod had been replaced.
    static func replacingEndpoint(_ number: Int, in objects: ClusterObjects) -> ClusterObjects {
        var objects = objects
        let slice = number * 7919 % objects.endpointSlices.count
        let endpoint = number * 31 % objects.endpointSlices[slice].endpoints.count
        objects.endpointSlices[slice].endpoints[endpoint].addresses = [address(0x0af0_0001 + UInt32(number))]
        return objects
    }

    /// The pods behind a service of the first group.
    func pods(of service: Int) -> Range<Int> {
        let count = groups.first?.endpoints ?? 0
        return service * count..<(service + 1) * count
    }

    func service(_ index: Int) -> Service {
        var spec = ServiceSpec()
        spec.type = "ClusterIP"
        spec.clusterIP = Self.address(0x0a60_0101 + UInt32(index))
        spec.clusterIPs = spec.clusterIP.map { [$0] }
        spec.ipFamilies = ["IPv4"]
        var port = ServicePort()
        (port.name, port.protocol, port.port, port.targetPort) = ("http", "TCP", 80, .number(8080))
        spec.ports = [port]
        return Service(meta: ObjectMeta(name: "svc-\(index)", namespace: "bench"), spec: spec)
    }

    func slice(of service: Int, number: Int, pods: Range<Int>) -> EndpointSlice {
        let meta = ObjectMeta(
            name: "svc-\(service)-\(number)", namespace: "bench",
            labels: [EndpointSlice.serviceNameLabel: "svc-\(service)"])
        var slice = EndpointSlice(meta: meta, addressType: "IPv4")
        var port = EndpointPort()
        (port.name, port.protocol, port.port) = ("http", "TCP", 8080)
        slice.ports = [port]
        slice.endpoints = pods.map { pod in
            var endpoint = EndpointSlice.Endpoint()
            endpoint.addresses = [Self.address(0x0a80_0001 + UInt32(pod))]
            (endpoint.ready, endpoint.serving, endpoint.terminating) = (true, true, false)
            endpoint.nodeName = "node-\(pod % 1000)"
            return endpoint
        }
        return slice
    }

    private static func address(_ bits: UInt32) -> String { IPAddress(ipv4: bits).description }
}
