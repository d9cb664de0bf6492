// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleKubernetes

/// A made-up cluster of equal services.
package struct LabCluster: Sendable {
    private let services: Int
    /// Of each service.
    private let endpoints: Int

    package init(services: Int, endpoints: Int) { (self.services, self.endpoints) = (services, endpoints) }

    /// All of it, with the node that is followed.
    package func objects(node: String) -> [ClusterObject] {
        var own = Node(meta: meta(node, ""))
        own.addresses = [NodeAddress()]
        (own.addresses[0].type, own.addresses[0].address) = ("InternalIP", "192.0.2.11")
        return [.node(own)] + (0..<services).flatMap { [.service(service($0)), slice($0)] }
    }

    package func service(_ number: Int) -> Service {
        var spec = ServiceSpec()
        var port = ServicePort()
        (port.name, port.protocol, port.port, port.targetPort) = ("http", "TCP", 80, .number(8080))
        (spec.type, spec.ports) = ("ClusterIP", [port])
        spec.clusterIP = "10.\(96 + number / 62_500).\(number / 250 % 250).\(number % 250 + 1)"
        spec.clusterIPs = spec.clusterIP.map { [$0] }
        spec.ipFamilies = ["IPv4"]
        return Service(meta: meta("svc-\(number)", "lab"), spec: spec)
    }

    /// The slice of a service.
    ///
    /// - Parameter replacement: a number other than 0 gives its first endpoint another address.
    package func slice(_ number: Int, replacement: Int = 0) -> ClusterObject {
        let labels: Labels = [EndpointSlice.serviceNameLabel: "svc-\(number)"]
        var slice = EndpointSlice(meta: meta("svc-\(number)-x", "lab", labels), addressType: "IPv4")
        slice.endpoints = (0..<endpoints).map { place in
            var endpoint = EndpointSlice.Endpoint()
            let pod = number * endpoints + place
            let isOther = place == 0 && replacement > 0
            endpoint.addresses = [
                isOther
                    ? "10.\(60 + replacement / 62_500 % 30).\(replacement / 250 % 250).\(replacement % 250 + 1)"
                    : "10.\(128 + pod / 62_500).\(pod / 250 % 250).\(pod % 250 + 1)"
            ]
            (endpoint.ready, endpoint.nodeName) = (true, "node-b")
            return endpoint
        }
        var port = EndpointPort()
        (port.name, port.protocol, port.port) = ("http", "TCP", 8080)
        slice.ports = [port]
        return .endpointSlice(slice)
    }

    private func meta(_ name: String, _ namespace: String, _ labels: Labels = [:]) -> ObjectMeta {
        ObjectMeta(name: name, namespace: namespace, labels: labels)
    }
}
