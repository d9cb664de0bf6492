// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerruleListing
import FerruleNetwork
import FerruleResolution
import FerruleText
import RandomClusters
import Testing

struct ServiceRowTests {
    private static func endpoint(
        _ address: String, node: String, ready: Bool = true, terminating: Bool = false
    ) -> EndpointSlice.Endpoint {
        var endpoint = EndpointSlice.Endpoint()
        endpoint.addresses = [address]
        (endpoint.nodeName, endpoint.ready, endpoint.terminating) = (node, ready, terminating)
        return endpoint
    }

    /// A service of one port with endpoints on two nodes, one of which is terminating.
    private static func objects(_ change: (inout ServiceSpec) -> Void = { _ in }) -> ClusterObjects {
        var spec = ServiceSpec()
        var port = ServicePort()
        port.port = 80
        (spec.clusterIP, spec.ports) = ("10.96.0.80", [port])
        change(&spec)
        var slice = EndpointSlice(
            meta: ObjectMeta(name: "web-1", labels: ["kubernetes.io/service-name": "web"]), addressType: "IPv4")
        var endpointPort = EndpointPort()
        (endpointPort.protocol, endpointPort.port) = ("TCP", 8080)
        slice.ports = [endpointPort]
        slice.endpoints = [
            endpoint("10.244.1.5", node: "node-a"), endpoint("10.244.1.6", node: "node-a"),
            endpoint("10.244.2.5", node: "node-b", ready: false, terminating: true),
            endpoint("10.244.1.7", node: "node-a", ready: false, terminating: true),
        ]
        var node = Node(meta: ObjectMeta(name: "node-a", namespace: ""))
        node.meta.labels[Node.zoneLabel] = "east"
        var objects = ClusterObjects()
        objects.services = [Service(meta: ObjectMeta(name: "web"), spec: spec)]
        (objects.endpointSlices, objects.nodes) = ([slice], [node])
        return objects
    }

    private static func row(_ objects: ClusterObjects, node: String? = nil) throws -> ServiceRow {
        var options = ResolutionOptions()
        options.nodeName = node
        let resolver = ClusterResolver(ClusterStore(objects), options: options)
        return try #require(resolver.overview { ServiceRow($0, $1, resolver) }.descriptions.first)
    }

    private static func reached(_ row: ServiceRow) -> [String] {
        row.ports.flatMap(\.endpoints).filter(\.getsTraffic).map(\.address.description)
    }

    @Test("Addresses from outside of a family in which the service has none are not listed: no node serves them")
    func otherFamily() throws {
        let objects = Self.objects { $0.externalIPs = ["192.0.2.80", "2001:db8::80"] }
        #expect(try Self.row(objects).externalAddresses.map(\.description) == ["192.0.2.80"])
    }

    @Test("An external address is listed for the one service that gets it, with a port at least")
    func claimedTwice() throws {
        var objects = Self.objects { $0.externalIPs = ["192.0.2.80", "192.0.2.81"] }
        func add(_ name: String, _ clusterIP: String, _ externalIPs: [String], ports: [Int]) {
            var other = objects.services[0]
            (other.meta.name, other.spec.clusterIP, other.spec.externalIPs) = (name, clusterIP, externalIPs)
            other.spec.ports = ports.map { number in
                var port = ServicePort()
                (port.port, port.name) = (number, "p\(number)")
                return port
            }
            objects.services.append(other)
        }
        // The first by name, but without endpoints.
        add("a", "10.96.0.81", ["192.0.2.80"], ports: [80])
        add("b", "10.96.0.82", ["192.0.2.80"], ports: [80, 81])
        add("c", "192.0.2.81", [], ports: [80])
        let resolver = ClusterResolver(ClusterStore(objects))
        let rows = ServiceListing.withoutLostAddresses(
            resolver.overview { ServiceRow($0, $1, resolver) }.descriptions)
        let found = rows.map { "\($0.key.name) \($0.externalAddresses.map(\.description))" }
        #expect(found == ["a []", "b [\"192.0.2.80\"]", "c []", "web [\"192.0.2.80\"]"])
    }

    @Test("A load balancer is awaited until it gives an address or a name")
    func balancer() throws {
        var objects = Self.objects { $0.type = "LoadBalancer" }
        #expect(try Self.row(objects).awaitsBalancer)
        var name = LoadBalancerIngress()
        name.hostname = "balancer.example"
        objects.services[0].loadBalancerIngress = [name]
        #expect(try !Self.row(objects).awaitsBalancer)
        #expect(try Self.row(objects).remoteBalancers == ["balancer.example"])
        var (own, caught) = (LoadBalancerIngress(), LoadBalancerIngress())
        (own.ip, own.ipMode, caught.ip, caught.hostname) = ("203.0.113.5", "Proxy", "203.0.113.6", "other.example")
        objects.services[0].loadBalancerIngress = [name, own, caught]
        #expect(try Self.row(objects).remoteBalancers == ["203.0.113.5", "balancer.example"])
        #expect(try Self.row(objects).externalAddresses.map(\.description) == ["203.0.113.6"])
        #expect(try !Self.row(Self.objects()).awaitsBalancer)
    }

    @Test("Endpoints are counted by whether they are ready, and shown with their state, node and zone")
    func states() throws {
        let row = try Self.row(Self.objects())
        #expect(row.type == .clusterIP && row.kind == .virtual)
        let count = row.endpointCount
        #expect(count.traffic == 2 && count.ready == 2 && count.all == 4)
        let endpoints = try #require(row.ports.first?.endpoints)
        #expect(endpoints.map(\.state) == [.ready, .ready, .terminating, .terminating])
        #expect(endpoints.map(\.nodeName) == ["node-a", "node-a", "node-a", "node-b"])
        #expect(endpoints.map(\.zone) == ["east", "east", "east", nil])
        #expect(endpoints.allSatisfy { $0.isLocal == nil })
    }

    @Test("Without a node, the policy Local adds the terminating endpoints of nodes that have no ready ones")
    func localOfAllNodes() throws {
        #expect(Self.reached(try Self.row(Self.objects())) == ["10.244.1.5", "10.244.1.6"])
        let row = try Self.row(Self.objects { $0.internalTrafficPolicy = "Local" })
        #expect(Self.reached(row) == ["10.244.1.5", "10.244.1.6", "10.244.2.5"])
    }

    @Test("On a node, the policy Local leaves its own endpoints, unless others are reached at external addresses")
    func localOfNode() throws {
        let row = try Self.row(Self.objects { $0.internalTrafficPolicy = "Local" }, node: "node-b")
        #expect(Self.reached(row) == ["10.244.2.5"])
        #expect(row.ports.first?.endpoints.map(\.isLocal) == [false, false, false, true])
        let open = try Self.row(
            Self.objects { ($0.internalTrafficPolicy, $0.externalIPs) = ("Local", ["203.0.113.1"]) }, node: "node-b")
        #expect(Self.reached(open) == ["10.244.1.5", "10.244.1.6", "10.244.2.5"])
    }

    @Test("An address counts once, whatever its ports")
    func severalPorts() throws {
        let objects = Self.objects { spec in
            var other = ServicePort()
            (other.port, other.name) = (81, "")
            spec.ports.append(other)
        }
        let row = try Self.row(objects)
        #expect(row.ports.map { $0.endpoints.count } == [4, 4])
        #expect(row.endpointCount.all == 4 && row.endpointCount.ready == 2)
    }

    @Test(
        "Ports of a kernel whose names are cut are told by their numbers, and only where that is clear whose a node port is"
    )
    func cutNames() throws {
        let rows = { (numbers: [Int], nodePorts: [Int?]) throws in
            var cluster = ResolvedCluster()
            cluster.ports = try zip(numbers, nodePorts).enumerated().map { index, port in
                var resolved = ResolvedPort(
                    namespace: String(repeating: "n", count: 63), service: String(repeating: "s", count: 63),
                    name: "port-\(index)", family: .ipv4, protocol: .tcp, port: try #require(Port(port.0)),
                    clusterIP: IPAddress(ipv4: 0x0a60_0001))
                resolved.nodePort = port.1.flatMap { Port($0) }
                let target = try #require(Port(8080 + index))
                resolved.endpoints.cluster = [Endpoint(IPAddress(ipv4: 0x0af4_0005), target)]
                return resolved
            }
            return try #require(ServiceListing.rows(of: cluster.ruleset()).first).ports.map { port in
                "\(port.number.map { "\($0)" } ?? "-"):\(port.nodePort.map { "\($0)" } ?? "-") "
                    + port.endpoints.map { "\($0.port.map { "\($0)" } ?? "-")" }.joined(separator: ",")
            }
        }
        #expect(try rows([80, 81], [nil, nil]) == ["80:- 8080", "81:- 8081"])
        #expect(try rows([80], [30_080]) == ["80:30080 8080"])
        #expect(try rows([80, 81], [30_080, nil]) == ["80:- 8080", "81:- 8081", "-:30080 8080"])
    }

    @Test("A headless service has its ports, or without any the addresses that its name leads to")
    func headless() throws {
        let row = try Self.row(Self.objects { $0.clusterIP = "None" })
        #expect(row.kind == .headless && row.clusterIPs.isEmpty)
        #expect(row.ports.map(\.number) == [Port(80)])
        #expect(row.ports.first?.endpoints.map(\.port) == Array(repeating: Port(8080), count: 4))
        #expect(row.endpointCount.ready == 2 && row.endpointCount.all == 4)
        let portless = try Self.row(Self.objects { ($0.clusterIP, $0.ports) = ("None", []) })
        #expect(portless.ports.map(\.transport) == [nil])
        #expect(portless.ports.first?.endpoints.count == 4)
        #expect(Self.reached(portless) == ["10.244.1.5", "10.244.1.6"])
    }

    @Test("The columns of a table are as wide as their widest cell, two blanks apart")
    func table() {
        let table = TextTable(["A", "LONG", "C"], [["wider", "x", ""], ["y", "z", "the last one is not filled up"]])
        #expect(
            String(decoding: table.text, as: UTF8.self)
                == "A      LONG  C\nwider  x     \ny      z     the last one is not filled up\n")
    }
}
