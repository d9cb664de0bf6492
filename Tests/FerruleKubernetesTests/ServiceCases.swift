// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes

private let labelRule = "at most 63 lower-case letters, digits and \"-\", with a letter or digit at both ends"

private let keyRule =
    "at most 63 letters, digits, \"-\", \"_\" and \".\", with a letter or digit at both ends, and before it perhaps a domain "
    + "in lower case and \"/\""

extension ServiceCase {
    static let ports: [ServiceCase] = [
        ServiceCase { _ in },
        ServiceCase("error: metadata.name: \"Web\" is not a valid name: \(labelRule)") { $0.meta.name = "Web" },
        ServiceCase("error: metadata.name: missing; every object has a name") { $0.meta.name = "" },
        ServiceCase { $0.meta.name = "1-web" },
        ServiceCase("error: spec.type: \"Node\" is not one of ClusterIP, NodePort, LoadBalancer, ExternalName") {
            $0.spec.type = "Node"
        },
        ServiceCase(
            "error: spec.ports: missing; a service has at least one port, unless it is headless or of type ExternalName"
        ) {
            $0.spec.ports = []
        },
        ServiceCase {
            $0.spec.clusterIP = "None"
            $0.spec.ports = []
        },
        ServiceCase("error: spec.ports[0].port: missing; a port is a number of 1-65535") {
            $0.spec.ports[0].port = nil
        },
        ServiceCase("error: spec.ports[0].port: 65536 is not a port number of 1-65535") {
            $0.spec.ports[0].port = 65536
        },
        ServiceCase("error: spec.ports[0].protocol: \"udp\" is not one of TCP, UDP, SCTP") {
            $0.spec.ports[0].protocol = "udp"
        },
        ServiceCase("error: spec.ports[0].targetPort: 70000 is not a port number of 1-65535") {
            $0.spec.ports[0].targetPort = .number(70000)
        },
        ServiceCase("error: spec.ports[0].targetPort: \"8080\" is a number in quotes, not the name of a port") {
            $0.spec.ports[0].targetPort = .name("8080")
        },
        ServiceCase("warning: spec.ports[0].nodePort: 29999 is outside 30000-32767") {
            $0.spec.type = "NodePort"
            $0.spec.ports[0].nodePort = 29999
        },
        ServiceCase("error: spec.ports[0].nodePort: 65536 is not a port number of 1-65535") {
            $0.spec.type = "NodePort"
            $0.spec.ports[0].nodePort = 65536
        },
        ServiceCase {
            $0.spec.type = "LoadBalancer"
            $0.spec.ports[0].port = 10250
        },
        ServiceCase("error: spec.ports[0].nodePort: 30080 may not be used when type is ClusterIP") {
            $0.spec.ports[0].nodePort = 30080
        },
        ServiceCase("error: spec.ports[0].nodePort: 30080 may not be used when the service is headless") {
            $0.spec.clusterIP = "None"
            $0.spec.ports[0].nodePort = 30080
        },
        ServiceCase(
            "error: spec.ports[0].name: missing; each of several ports has a name",
            "error: spec.ports[1].name: missing; each of several ports has a name",
            "error: spec.ports[1].port: 80 with TCP is also the port of spec.ports[0]"
        ) { $0.spec.ports.append($0.spec.ports[0]) },
        ServiceCase {
            $0.spec.ports.append($0.spec.ports[0])
            $0.spec.ports[0].name = "dns-udp"
            $0.spec.ports[0].protocol = "UDP"
            $0.spec.ports[1].name = "dns-tcp"
        },
        // One number and several protocols share a node port.
        ServiceCase { $0.spec.give((53, "TCP", 30053), (53, "UDP", 30053), (53, "SCTP", 30054), (54, "TCP", nil)) },
        ServiceCase("error: spec.ports[1].nodePort: 30053 is also the node port of spec.ports[0]") {
            $0.spec.give((53, "TCP", 30053), (54, "UDP", 30053))
        },
        // Only the first that is given can be shared.
        ServiceCase("error: spec.ports[2].nodePort: 30054 is also the node port of spec.ports[1]") {
            $0.spec.give((53, "TCP", 30053), (53, "UDP", 30054), (53, "SCTP", 30054))
        },
    ]

    static let addresses: [ServiceCase] = [
        ServiceCase("error: spec.clusterIP: \"10.96.0\" is not an IP address") { $0.spec.clusterIP = "10.96.0" },
        ServiceCase("warning: spec.clusterIP: \"010.96.0.1\" is an old spelling of 10.96.0.1") {
            $0.spec.clusterIP = "010.96.0.1"
        },
        ServiceCase("error: spec.clusterIP: missing; it must be the first of clusterIPs, \"10.96.0.1\"") {
            $0.spec.clusterIPs = ["10.96.0.1"]
        },
        ServiceCase(
            "error: spec.clusterIPs[0]: \"10.96.0.2\" is not clusterIP, which is \"10.96.0.1\"; both must be the same"
        ) {
            $0.spec.clusterIP = "10.96.0.1"
            $0.spec.clusterIPs = ["10.96.0.2"]
        },
        ServiceCase("error: spec.clusterIP: fd00::1 is not IPv4, as spec.ipFamilies[0] has it") {
            $0.spec.clusterIP = "fd00::1"
            $0.spec.ipFamilies = ["IPv4"]
        },
        ServiceCase("error: spec.ipFamilyPolicy: missing; two families need PreferDualStack or RequireDualStack") {
            $0.spec.ipFamilies = ["IPv6", "IPv4"]
        },
        // A headless service without a selector is for both families by itself.
        ServiceCase {
            $0.spec.clusterIP = "None"
            $0.spec.selector = nil
            $0.spec.ipFamilies = ["IPv4", "IPv6"]
        },
        ServiceCase {
            $0.spec.clusterIP = "None"
            $0.spec.selector = [:]
            $0.spec.ipFamilies = ["IPv4", "IPv6"]
        },
        ServiceCase("error: spec.ipFamilyPolicy: missing; two families need PreferDualStack or RequireDualStack") {
            $0.spec.clusterIP = "None"
            $0.spec.ipFamilies = ["IPv4", "IPv6"]
        },
        ServiceCase(
            "error: spec.ipFamilyPolicy: SingleStack does not allow two families; two families need PreferDualStack or RequireDualStack"
        ) {
            $0.spec.clusterIP = "None"
            $0.spec.selector = nil
            $0.spec.ipFamilies = ["IPv4", "IPv6"]
            $0.spec.ipFamilyPolicy = "SingleStack"
        },
        ServiceCase("error: spec.externalIPs[0]: 127.0.0.1 is a loopback address and cannot be an external IP") {
            $0.spec.externalIPs = ["127.0.0.1"]
        },
        ServiceCase(
            "error: spec.externalIPs[0]: ff12::1 is a link-local multicast address and cannot be an external IP"
        ) { $0.spec.externalIPs = ["ff12::1", "ff15::1"] },
        ServiceCase("warning: spec.externalIPs[0]: \"::ffff:192.0.2.1\" is an old spelling of 192.0.2.1") {
            $0.spec.externalIPs = ["::ffff:192.0.2.1"]
        },
        ServiceCase { $0.spec.externalIPs = ["2001:DB8:0::1", "239.1.2.3"] },
        ServiceCase(
            "error: spec.externalName: missing; a service of type ExternalName names the host that it stands for"
        ) {
            $0.spec.type = "ExternalName"
        },
        ServiceCase {
            $0.spec.type = "ExternalName"
            $0.spec.externalName = "db.example.com."
        },
        ServiceCase("error: spec.clusterIP: None may not be used when type is LoadBalancer") {
            $0.spec.type = "LoadBalancer"
            $0.spec.clusterIP = "None"
        },
        ServiceCase(
            "error: spec.loadBalancerSourceRanges[0]: \"10.0.0.0\" is not an address range such as 10.0.0.0/8",
            "warning: spec.loadBalancerSourceRanges[1]: \" 10.1.2.3/8\" is an old spelling of 10.0.0.0/8"
        ) {
            $0.spec.type = "LoadBalancer"
            $0.spec.loadBalancerSourceRanges = ["10.0.0.0", " 10.1.2.3/8", "2001:db8::/32"]
        },
        ServiceCase(
            "warning: spec.loadBalancerSourceRanges[0]: \"::ffff:10.1.0.0/112\" is an old spelling of 10.1.0.0/16",
            "warning: spec.loadBalancerSourceRanges[1]: \"::FFFF:A01:0/128\" is an old spelling of 10.1.0.0/32",
            "warning: spec.loadBalancerSourceRanges[2]: \"::ffff:10.1.0.0/96\" is an old spelling of 0.0.0.0/0",
            "warning: spec.loadBalancerSourceRanges[3]: \"::ffff:10.1.0.0/95\" is an old spelling of ::fffe:0:0/95",
            "error: spec.loadBalancerSourceRanges[4]: \"::ffff:10.1.0.0/129\" is not an address range such as 10.0.0.0/8",
            "warning: spec.loadBalancerSourceRanges[5]: \"2001:db8::1/32\" is an old spelling of 2001:db8::/32"
        ) {
            $0.spec.type = "LoadBalancer"
            $0.spec.loadBalancerSourceRanges = [
                "::ffff:10.1.0.0/112", "::FFFF:A01:0/128", "::ffff:10.1.0.0/96", "::ffff:10.1.0.0/95",
                "::ffff:10.1.0.0/129", "2001:db8::1/32", "2001:DB8:0::/32",
            ]
        },
    ]

    static let policies: [ServiceCase] = [
        ServiceCase("error: spec.internalTrafficPolicy: \"local\" is not one of Cluster, Local") {
            $0.spec.internalTrafficPolicy = "local"
        },
        ServiceCase("error: spec.externalTrafficPolicy: may not be set when nothing outside reaches the service") {
            $0.spec.externalTrafficPolicy = "Cluster"
        },
        ServiceCase {
            $0.spec.externalTrafficPolicy = "Local"
            $0.spec.externalIPs = ["192.0.2.1"]
        },
        ServiceCase("error: spec.sessionAffinity: \"IP\" is not one of None, ClientIP") {
            $0.spec.sessionAffinity = "IP"
        },
        ServiceCase("error: spec.sessionAffinityConfig.clientIP.timeoutSeconds: 0 is not a time of 1-86400 seconds") {
            $0.spec.sessionAffinity = "ClientIP"
            $0.spec.hasAffinityConfig = true
            $0.spec.affinityTimeoutSeconds = 0
        },
        ServiceCase("warning: spec.sessionAffinityConfig: has no effect when sessionAffinity is None") {
            $0.spec.hasAffinityConfig = true
            $0.spec.affinityTimeoutSeconds = 100_000
        },
        ServiceCase(
            "error: spec.healthCheckNodePort: may only be set when type is LoadBalancer and externalTrafficPolicy is Local"
        ) { $0.spec.healthCheckNodePort = 31000 },
        ServiceCase("error: spec.healthCheckNodePort: 30080 is also the node port of spec.ports[0]") {
            $0.spec.type = "LoadBalancer"
            $0.spec.externalTrafficPolicy = "Local"
            $0.spec.ports[0].nodePort = 30080
            $0.spec.healthCheckNodePort = 30080
        },
        ServiceCase("error: spec.loadBalancerClass: may only be set when type is LoadBalancer") {
            $0.spec.loadBalancerClass = "example.com/inner"
        },
        ServiceCase("error: spec.loadBalancerClass: \"x y\" is not a valid name: \(keyRule)") {
            $0.spec.type = "LoadBalancer"
            $0.spec.loadBalancerClass = "x y"
        },
        ServiceCase {
            $0.spec.type = "LoadBalancer"
            $0.spec.loadBalancerClass = "example.com/inner"
            $0.spec.ports[0].appProtocol = "kubernetes.io/h2c"
            $0.meta.labels = ["app": "", "example.com/App_1": "a"]
            $0.meta.newAnnotations = ["Example.com/App"]
        },
        ServiceCase("error: spec.ports[0].appProtocol: \"/h2c\" is not a valid name: \(keyRule)") {
            $0.spec.ports[0].appProtocol = "/h2c"
        },
        ServiceCase("error: spec.selector.a b: \"a b\" is not a valid key: \(keyRule)") {
            $0.spec.selector = ["a b": "c"]
        },
        ServiceCase(
            "error: metadata.labels.a/b/c: \"a/b/c\" is not a valid key: \(keyRule)",
            "error: metadata.annotations.a b: \"a b\" is not a valid key: \(keyRule)"
        ) {
            $0.meta.labels = ["a/b/c": ""]
            $0.meta.newAnnotations = ["a b"]
        },
        ServiceCase("error: spec.allocateLoadBalancerNodePorts: may only be set when type is LoadBalancer") {
            $0.spec.allocateLoadBalancerNodePorts = true
        },
    ]
}

extension ServiceSpec {
    /// Makes it a NodePort service with ports of these numbers, protocols and node ports.
    fileprivate mutating func give(_ ports: (Int, String, Int?)...) {
        type = "NodePort"
        self.ports = ports.enumerated().map { index, numbers in
            var port = ServicePort()
            port.name = "p\(index)"
            (port.port, port.protocol, port.nodePort) = numbers
            return port
        }
    }
}
