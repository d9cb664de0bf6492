// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleKubernetes
internal import FerruleTestSupport

/// Makes histories of the objects of a small cluster: services of every kind with all that may differ, slices, Endpoints
/// objects, pods, workloads, nodes and ranges, which come, change and go in any order.
package struct RandomObjects {
    private var generator: SeededGenerator
    private let services: Int
    /// Whether there are pods and declarations of pods, and services that lack addresses, as in files.
    private let isOfFiles: Bool
    /// What is there after the changes so far.
    package private(set) var present: [ObjectIdentity: ClusterObject] = [:]

    package struct ObjectIdentity: Hashable, Sendable {
        package let kind: ClusterObject.Kind
        package let key: ObjectKey
    }

    package init(seed: UInt64, services: Int = 6, isOfFiles: Bool = false) {
        generator = SeededGenerator(seed: seed)
        (self.services, self.isOfFiles) = (services, isOfFiles)
    }

    /// The next change.
    package mutating func change() -> ClusterChange {
        let change = makeChange()
        switch change {
        case .put(let object):
            present[ObjectIdentity(kind: object.kind, key: ObjectKey(object.meta))] = object
        case .delete(let kind, let key): present[ObjectIdentity(kind: kind, key: key)] = nil
        }
        return change
    }

    package mutating func changes(_ count: Int) -> [ClusterChange] { (0..<count).map { _ in change() } }

    /// What is there, in a random order.
    package mutating func objects() -> ClusterObjects {
        var objects = ClusterObjects()
        let all = present.sorted { ("\($0.key.kind)", $0.key.key) < ("\($1.key.kind)", $1.key.key) }.map(\.value)
        for object in all.shuffled(using: &generator) {
            switch object {
            case .service(let object): objects.services.append(object)
            case .endpointSlice(let object): objects.endpointSlices.append(object)
            case .endpoints(let object): objects.endpoints.append(object)
            case .pod(let object): objects.pods.append(object)
            case .workload(let object): objects.workloads.append(object)
            case .node(let object): objects.nodes.append(object)
            case .namespace(let object): objects.namespaces.append(object)
            case .serviceCIDR(let object): objects.serviceCIDRs.append(object)
            }
        }
        return objects
    }

    private mutating func makeChange() -> ClusterChange {
        let number = Int.random(in: 0..<services, using: &generator)
        let isDeletion = chance(0.25)
        switch Int.random(in: 0..<(isOfFiles ? 20 : 14), using: &generator) {
        case 0..<5:
            let service = service(number)
            return isDeletion ? .delete(.service, ObjectKey(service.meta)) : .put(.service(service))
        case 5..<12:
            let slice = slice(number)
            return isDeletion ? .delete(.endpointSlice, ObjectKey(slice.meta)) : .put(.endpointSlice(slice))
        case 12:
            let node = node()
            return isDeletion ? .delete(.node, ObjectKey(node.meta)) : .put(.node(node))
        case 13:
            var range = ServiceCIDR(meta: ObjectMeta(name: "kubernetes", namespace: ""))
            range.cidrs = chance(0.5) ? ["10.96.0.0/16"] : ["10.96.0.0/16", "fd00:10:96::/112"]
            return isDeletion ? .delete(.serviceCIDR, ObjectKey(range.meta)) : .put(.serviceCIDR(range))
        case 14:
            let endpoints = endpoints(number)
            return isDeletion ? .delete(.endpoints, ObjectKey(endpoints.meta)) : .put(.endpoints(endpoints))
        case 15:
            let workload = workload(number)
            return isDeletion
                ? .delete(.workload(workload.kind), ObjectKey(workload.meta)) : .put(.workload(workload))
        default:
            let pod = pod(number)
            return isDeletion ? .delete(.pod, ObjectKey(pod.meta)) : .put(.pod(pod))
        }
    }

    private mutating func service(_ number: Int) -> Service {
        var spec = ServiceSpec()
        spec.type = ["ClusterIP", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"].randomElement(
            using: &generator)
        let isDual = chance(0.3)
        if spec.type == "ExternalName" {
            spec.externalName = "example.org"
        } else if chance(0.15) {
            (spec.type, spec.clusterIP, spec.clusterIPs) = ("ClusterIP", "None", ["None"])
        } else {
            spec.ipFamilies = isDual ? ["IPv4", "IPv6"] : ["IPv4"]
            // Now and then two services claim one address.
            let address = chance(0.1) ? 0 : number
            spec.clusterIPs = ["10.96.0.\(10 + address)"] + (isDual ? ["fd00:10:96::\(10 + address)"] : [])
            spec.clusterIP = spec.clusterIPs?.first
            if isOfFiles, chance(0.3) { (spec.clusterIP, spec.clusterIPs, spec.ipFamilies) = (nil, nil, nil) }
        }
        spec.selector = chance(0.8) ? ["app": "app-\(number)"] : nil
        spec.ports = [port("web", 80, number)] + (chance(0.3) ? [port("dns", 53, number + 100)] : [])
        if chance(0.2) { spec.externalIPs = ["203.0.113.\(chance(0.5) ? 1 : number)"] }
        if chance(0.2) { spec.externalTrafficPolicy = "Local" }
        if chance(0.2) { spec.internalTrafficPolicy = "Local" }
        if chance(0.2) { (spec.sessionAffinity, spec.affinityTimeoutSeconds) = ("ClientIP", chance(0.5) ? 60 : nil) }
        if chance(0.2) {
            spec.loadBalancerSourceRanges = ["192.0.2.0/24", "198.51.100.0/25"].filter { _ in chance(0.7) }
        }
        if chance(0.2) { spec.publishNotReadyAddresses = true }
        var service = Service(meta: ObjectMeta(name: "svc-\(number)", namespace: "test"), spec: spec)
        if spec.type == "LoadBalancer", chance(0.7) {
            var ingress = LoadBalancerIngress()
            (ingress.ip, ingress.ipMode) = ("203.0.113.\(100 + number)", chance(0.2) ? "Proxy" : nil)
            service.loadBalancerIngress = [ingress]
        }
        if chance(0.05) { service.meta.labels[Service.proxyNameLabel] = "other" }
        return service
    }

    private mutating func port(_ name: String, _ number: Int, _ offset: Int) -> ServicePort {
        var port = ServicePort()
        port.name = name
        port.port = number
        port.protocol = name == "dns" ? "UDP" : chance(0.5) ? "TCP" : nil
        port.targetPort = chance(0.3) ? .name("http") : .number(8080)
        port.nodePort = isOfFiles && chance(0.5) ? nil : 30_000 + offset
        return port
    }

    private mutating func slice(_ number: Int) -> EndpointSlice {
        let part = Int.random(in: 0..<2, using: &generator)
        let isIPv6 = chance(0.25)
        var slice = EndpointSlice(
            meta: ObjectMeta(
                name: "svc-\(number)-\(part)", namespace: "test",
                labels: [EndpointSlice.serviceNameLabel: "svc-\(chance(0.95) ? number : 0)"]),
            addressType: isIPv6 ? "IPv6" : "IPv4")
        slice.ports = ["web", "dns"].map { name in
            var port = EndpointPort()
            (port.name, port.protocol, port.port) = (name, name == "dns" ? "UDP" : "TCP", name == "dns" ? 5353 : 8080)
            return port
        }
        slice.endpoints = (0..<Int.random(in: 0...6, using: &generator)).map { position in
            var endpoint = EndpointSlice.Endpoint()
            let host = 10 + (number * 3 + part * 2 + position) % 40
            endpoint.addresses = [isIPv6 ? "fd00:10:244::\(host)" : "10.244.0.\(host)"]
            endpoint.ready = chance(0.8) ? nil : false
            endpoint.serving = chance(0.8) ? nil : false
            endpoint.terminating = chance(0.8) ? nil : true
            endpoint.nodeName = chance(0.9) ? "node-\(position % 3)" : nil
            if chance(0.7) { endpoint.zoneHints = ["zone-\(position % 2)"] }
            if chance(0.2) { endpoint.hostname = "host-\(position)" }
            return endpoint
        }
        if chance(0.05) { slice.meta.labels[EndpointSlice.headlessLabel] = "" }
        return slice
    }

    private mutating func endpoints(_ number: Int) -> Endpoints {
        var endpoints = Endpoints(meta: ObjectMeta(name: "svc-\(number)", namespace: "test"))
        var subset = EndpointSubset()
        var address = EndpointAddress()
        (address.ip, address.nodeName) = ("10.244.1.\(10 + number)", "node-0")
        (subset.addresses, subset.notReadyAddresses) = chance(0.7) ? ([address], []) : ([], [address])
        var port = EndpointPort()
        (port.name, port.port) = ("web", 8080)
        subset.ports = [port]
        endpoints.subsets = [subset]
        return endpoints
    }

    private mutating func pod(_ number: Int) -> Pod {
        var spec = PodSpec()
        spec.nodeName = "node-\(number % 3)"
        var container = Container()
        var port = ContainerPort()
        (port.name, port.containerPort) = ("http", 8080 + number)
        container.ports = [port]
        spec.containers = [container]
        let copy = Int.random(in: 0..<3, using: &generator)
        var pod = Pod(
            meta: ObjectMeta(
                name: "pod-\(number)-\(copy)", namespace: "test", labels: ["app": "app-\(chance(0.9) ? number : 0)"]),
            spec: spec)
        pod.podIPs = chance(0.8) ? ["10.244.2.\(10 + number * 3 + copy)"] : []
        pod.phase = "Running"
        pod.isReady = chance(0.8)
        pod.meta.isBeingDeleted = chance(0.1)
        return pod
    }

    private mutating func workload(_ number: Int) -> Workload {
        var workload = Workload(
            kind: chance(0.7) ? .deployment : .daemonSet, meta: ObjectMeta(name: "app-\(number)", namespace: "test"))
        workload.replicas = Int.random(in: 0...3, using: &generator)
        workload.templateLabels = ["app": "app-\(number)"]
        return workload
    }

    private mutating func node() -> Node {
        let number = Int.random(in: 0..<3, using: &generator)
        var node = Node(meta: ObjectMeta(name: "node-\(number)", namespace: ""))
        if chance(0.8) { node.meta.labels[Node.zoneLabel] = "zone-\(chance(0.8) ? number % 2 : 0)" }
        node.podCIDRs = ["10.244.\(number).0/24"]
        var address = NodeAddress()
        (address.type, address.address) = ("InternalIP", "192.0.2.\(chance(0.8) ? number : 9)")
        node.addresses = [address]
        return node
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }
}
