// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleNetwork
import FerruleResolution
import FerruleTestSupport
import RandomClusters
import Testing

/// What services are on nodes of each kind is what a resolver for such a node finds.
struct NodeKindTests {
    /// Services of all policies with endpoints on some of five nodes in three zones, with hints or without.
    private func objects(_ seed: Int) -> ClusterObjects {
        var generator = SeededGenerator(seed: UInt64(seed))
        var objects = ClusterObjects()
        objects.nodes = (1...5).map { number in
            Node(
                meta: ObjectMeta(name: "node-\(number)", namespace: "", labels: [Node.zoneLabel: "zone-\(number % 3)"]))
        }
        for number in 1...12 {
            let service = Service.make("s-\(number)") { spec in
                spec.clusterIP = "10.96.0.\(number)"
                spec.type = "NodePort"
                spec.ports[0].nodePort = 30_000 + number
                if number % 3 == 1 { spec.externalTrafficPolicy = "Local" }
                if number % 4 == 1 { spec.internalTrafficPolicy = "Local" }
            }
            let isHinted = Bool.random(using: &generator)
            var slice = EndpointSlice(
                meta: ObjectMeta(name: "s-\(number)-1", labels: [EndpointSlice.serviceNameLabel: "s-\(number)"]),
                addressType: "IPv4")
            var port = EndpointPort()
            port.port = 8080
            slice.ports = [port]
            slice.endpoints = (0..<Int.random(in: 0...4, using: &generator)).map { index in
                var endpoint = EndpointSlice.Endpoint()
                endpoint.addresses = ["10.244.\(number).\(index + 1)"]
                endpoint.nodeName = index == 3 ? nil : "node-\(Int.random(in: 1...5, using: &generator))"
                endpoint.ready = Bool.random(using: &generator)
                endpoint.serving = true
                endpoint.terminating = endpoint.ready == false
                if isHinted { endpoint.zoneHints = ["zone-\(Int.random(in: 0...2, using: &generator))"] }
                return endpoint
            }
            objects.services.append(service)
            objects.endpointSlices.append(slice)
        }
        return objects
    }

    @Test("each kind of node sees what a node of it sees, and other nodes what none sees", arguments: 1...20)
    func agrees(seed: Int) throws {
        let objects = objects(seed)
        var options = ResolutionOptions()
        options.isForAllNodes = true
        let result = ClusterResolver.resolve(objects, options: options)
        #expect(!result.clustersByNodeKind.isEmpty)
        options.isForAllNodes = false
        #expect(ClusterResolver.resolve(objects, options: options).cluster == result.cluster)
        for number in 1...6 {
            let name = "node-\(number)"
            options.nodeName = name
            let seen = ClusterResolver.resolve(objects, options: options).cluster.ports
            let known = result.clustersByNodeKind[.node(name)]?.ports ?? []
            let zone = result.clustersByNodeKind[.zone("zone-\(number % 3)")]?.ports ?? []
            for port in seen {
                let found =
                    known.first { $0.service == port.service } ?? zone.first {
                        number < 6 && $0.service == port.service
                    }
                    ?? result.cluster.ports.first { $0.service == port.service }
                let expected = try #require(found)
                // Which endpoints are on the node matters for the policy Local alone.
                let isLocal = port.externalPolicy == .local || port.internalPolicy == .local
                #expect(expected.endpoints.cluster == port.endpoints.cluster, "\(port.label) on \(name)")
                if isLocal { #expect(expected.endpoints.local == port.endpoints.local, "\(port.label) on \(name)") }
            }
        }
    }

    @Test("declared pods run on some node, whose name nobody knows, and on no node that is named")
    func unscheduled() {
        let service = Service.make("web") { spec in
            spec.selector = ["app": "web"]
            spec.internalTrafficPolicy = "Local"
        }
        let objects = ClusterObjects(services: [service], workloads: [.make("web", replicas: 2)])
        var options = ResolutionOptions()
        options.assumePods = true
        options.isForAllNodes = true
        let result = ClusterResolver.resolve(objects, options: options)
        #expect(Set(result.clustersByNodeKind.keys) == [.unscheduled])
        let endpoints = result.clustersByNodeKind[.unscheduled]?.ports.first?.endpoints
        #expect(endpoints?.local.count == 2 && result.cluster.ports.first?.endpoints.local == [])
        // A pod is given an address of each family.
        #expect(result.assumedAddresses.filter { $0.family == .ipv4 } == Set(endpoints?.local.map(\.address) ?? []))
        options.nodeName = "node-a"
        #expect(ClusterResolver.resolve(objects, options: options).cluster.ports.first?.endpoints.local == [])
    }
}
