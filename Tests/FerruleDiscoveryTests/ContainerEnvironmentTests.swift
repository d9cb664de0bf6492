// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleDiscovery
import FerruleKubernetes
import FerruleResolution
import Testing

struct ContainerEnvironmentTests {
    private func service(
        _ name: String, in namespace: String, _ address: String?,
        _ ports: [(name: String, transport: String?, number: Int)]
    ) -> Service {
        var spec = ServiceSpec()
        spec.clusterIP = address
        spec.ports = ports.map { described in
            var port = ServicePort()
            (port.name, port.protocol, port.port) = described
            return port
        }
        return Service(meta: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }

    private func environment(
        _ services: [Service], of namespace: String = "shop", linksServices: Bool = true
    ) -> ContainerEnvironment {
        var objects = ClusterObjects()
        objects.services = services
        let named = ClusterResolver(ClusterStore(objects)).namedServices { _ in true }
        return ContainerEnvironment(namespace: namespace, services: named.services, linksServices: linksServices)
    }

    private func lines(_ environment: ContainerEnvironment) -> [String] {
        environment.variables.map { "\($0.name)=\($0.value)" }
    }

    private var apiServer: Service { service("kubernetes", in: "default", "10.96.0.1", [("https", "TCP", 443)]) }

    @Test("a service is told of in both conventions, in kubelet's order")
    func order() {
        let web = service("web", in: "shop", "10.96.7.1", [("http", nil, 80), ("dns-alt", "UDP", 53)])
        #expect(
            lines(environment([web])) == [
                "WEB_SERVICE_HOST=10.96.7.1", "WEB_SERVICE_PORT=80", "WEB_SERVICE_PORT_HTTP=80",
                "WEB_SERVICE_PORT_DNS_ALT=53", "WEB_PORT=tcp://10.96.7.1:80", "WEB_PORT_80_TCP=tcp://10.96.7.1:80",
                "WEB_PORT_80_TCP_PROTO=tcp", "WEB_PORT_80_TCP_PORT=80", "WEB_PORT_80_TCP_ADDR=10.96.7.1",
                "WEB_PORT_53_UDP=udp://10.96.7.1:53", "WEB_PORT_53_UDP_PROTO=udp", "WEB_PORT_53_UDP_PORT=53",
                "WEB_PORT_53_UDP_ADDR=10.96.7.1",
            ])
    }

    @Test("an IPv6 address stands in brackets in URLs alone")
    func ipv6() {
        let cart = service("cart", in: "shop", "fd00:10:96::7", [("", "SCTP", 6379)])
        #expect(
            lines(environment([cart])) == [
                "CART_SERVICE_HOST=fd00:10:96::7", "CART_SERVICE_PORT=6379", "CART_PORT=sctp://[fd00:10:96::7]:6379",
                "CART_PORT_6379_SCTP=sctp://[fd00:10:96::7]:6379", "CART_PORT_6379_SCTP_PROTO=sctp",
                "CART_PORT_6379_SCTP_PORT=6379", "CART_PORT_6379_SCTP_ADDR=fd00:10:96::7",
            ])
    }

    @Test("services of other namespaces and headless ones are not told of, the API server always is")
    func choice() {
        let services = [
            service("web", in: "shop", "10.96.7.1", [("", nil, 80)]),
            service("web", in: "test", "10.96.7.2", [("", nil, 80)]),
            service("store", in: "shop", "None", [("", nil, 9042)]), apiServer,
        ]
        func hosts(_ namespace: String, _ linksServices: Bool = true) -> [String] {
            lines(environment(services, of: namespace, linksServices: linksServices)).filter { $0.contains("_HOST=") }
        }
        let ofServer = "KUBERNETES_SERVICE_HOST=10.96.0.1"
        #expect(hosts("shop") == [ofServer, "WEB_SERVICE_HOST=10.96.7.1"])
        #expect(hosts("shop", false) == [ofServer])
        #expect(hosts("default") == [ofServer])
        #expect(hosts("default", false) == [ofServer])
        #expect(hosts("nowhere") == [ofServer])
    }

    @Test("a namespace's own kubernetes is preferred, unless services are not linked", arguments: [true, false])
    func ownKubernetes(isFirst: Bool) {
        // The one namespace is sorted before default, the other behind it.
        let namespace = isFirst ? "app" : "shop"
        let services = [apiServer, service("kubernetes", in: namespace, "10.96.7.1", [("", nil, 6443)])]
        #expect(lines(environment(services, of: namespace)).first == "KUBERNETES_SERVICE_HOST=10.96.7.1")
        let unlinked = environment(services, of: namespace, linksServices: false)
        #expect(lines(unlinked).first == "KUBERNETES_SERVICE_HOST=10.96.0.1")
    }

    @Test("where two services ask for one variable, that is said")
    func conflict() {
        let services = [
            service("web", in: "shop", "10.96.7.1", [("", nil, 80)]),
            service("web-service", in: "shop", "10.96.7.2", [("", nil, 80)]),
        ]
        let found = environment(services)
        #expect(Set(found.variables.map(\.name)).count == found.variables.count)
        #expect(
            found.conflicts == [
                ContainerEnvironment.Conflict(
                    name: "WEB_SERVICE_PORT", kept: ObjectKey("shop", "web-service"), dropped: ObjectKey("shop", "web"))
            ])
        #expect(lines(found).contains("WEB_SERVICE_PORT=tcp://10.96.7.2:80"))
    }
}
