// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleResolution
import Testing

/// Why a service has no endpoints.
struct EndpointWarningsTests {
    private static func slice(
        _ name: String = "web-1", of service: String? = "web", _ ports: String..., endpoints: Int = 1
    ) -> EndpointSlice {
        let labels: Labels = service.map { [EndpointSlice.serviceNameLabel: $0] } ?? [:]
        var slice = EndpointSlice(meta: ObjectMeta(name: name, labels: labels), addressType: "IPv4")
        slice.ports = ports.map(endpointPort)
        slice.endpoints = (0..<endpoints).map { number in
            var endpoint = EndpointSlice.Endpoint()
            endpoint.addresses = ["10.244.0.\(number + 1)"]
            return endpoint
        }
        return slice
    }

    /// `http 8080/TCP`, ` 8080/UDP` without a name, or `http /TCP` without a number.
    private static func endpointPort(_ text: String) -> EndpointPort {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        var port = EndpointPort()
        (port.name, port.port, port.protocol) = (String(words[0]), Int(parts[0]), String(parts[1]))
        return port
    }

    private func warnings(
        _ ports: [ServicePort], selector: Labels? = nil, _ fill: (inout ClusterObjects) -> Void
    ) -> [String] {
        let service = Service.make("web") { spec in
            (spec.ports, spec.selector) = (ports, selector)
        }
        var objects = ClusterObjects(services: [service])
        fill(&objects)
        return ClusterResolver.resolve(objects).diagnostics.filter { $0.object != nil }
            .map { "\($0.field): \($0.message)" }
    }

    @Test(
        "a port whose name and protocol no slice has",
        arguments: [
            ([slice("web-1", "http 8080/TCP")], nil),
            ([slice("web-1", "metrics 9090/TCP"), slice("web-2", "http 8080/TCP")], nil),
            (
                [slice("web-1", "web 8080/TCP")],
                #"no EndpointSlice of the service has a TCP port "http", only a TCP port "web""#
            ),
            (
                [slice("web-1", "http 8080/UDP", " 80/SCTP")],
                #"no EndpointSlice of the service has a TCP port "http", only a UDP port "http", an unnamed SCTP port"#
            ),
            (
                [slice("web-1", "http /TCP")],
                #"no EndpointSlice of the service has a TCP port "http", only a TCP port "http" without a number"#
            ),
            // Scaled to nothing: controllers write no ports where there are no endpoints.
            ([slice("web-1", "web 8080/TCP", endpoints: 0)], nil),
            ([slice("web-1")], #"no EndpointSlice of the service has a TCP port "http", which have no ports"#),
        ] as [([EndpointSlice], String?)])
    func portNames(slices: [EndpointSlice], expected: String?) {
        let found = warnings([.make(80, name: "http")]) { $0.endpointSlices = slices }
        #expect(found.count == (expected == nil ? 0 : 1))
        if let expected { #expect(found.first?.hasPrefix("spec.ports[0].name: \(expected): ") == true, "\(found)") }
    }

    @Test("each such port is named, beside others that have endpoints")
    func severalPorts() {
        let ports: [ServicePort] = [.make(80, name: "http"), .make(81, name: "a"), .make(82, name: "b")]
        let found = warnings(ports) { $0.endpointSlices = [Self.slice("web-1", "http 8080/TCP")] }
        #expect(found.map { $0.prefix(18) } == ["spec.ports[1].name", "spec.ports[2].name"])
    }

    @Test("the ports of an Endpoints object are compared likewise")
    func subsets() {
        let found = warnings([.make(80)]) { objects in
            var subset = EndpointSubset()
            var address = EndpointAddress()
            address.ip = "10.244.1.14"
            (subset.addresses, subset.ports) = ([address], [Self.endpointPort("http 8080/TCP")])
            var endpoints = Endpoints(meta: ObjectMeta(name: "web"))
            endpoints.subsets = [subset]
            objects.endpoints = [endpoints]
        }
        #expect(found.count == 1)
        #expect(
            found.first?.contains(#"no Endpoints of the service has an unnamed TCP port, only a TCP port "http""#)
                == true)
    }

    @Test(
        "a slice that is called after the service and bears no label",
        arguments: [
            ("web", true), ("web-abcde", true), ("web-1", true), ("web-api-abcde", false), ("webs-1", false),
            ("mail", false),
        ])
    func unlabelledSlice(name: String, isMeant: Bool) {
        let found = warnings([.make(80)]) { $0.endpointSlices = [Self.slice(name, of: nil, " 80/TCP")] }
        #expect(found.count == (isMeant ? 1 : 0))
        if isMeant {
            #expect(
                found.first?.contains("EndpointSlice default/\(name) has no label kubernetes.io/service-name") == true)
        }
    }

    @Test("a selector that matches nothing, where the input tells of other endpoints")
    func selector() {
        let selector: Labels = ["track": "stable", "app": "web"]
        let pod = Pod.make("mail-0", "10.244.0.5", labels: ["app": "mail"])
        #expect(
            warnings([.make(80)], selector: selector) { $0.pods = [pod] } == [
                #"spec.selector: "app=web,track=stable" matches no Pod of the input, and no EndpointSlice or Endpoints names "#
                    + "the service: it has no endpoints"
            ])
        #expect(warnings([.make(80)], selector: selector) { _ in } == [])
        #expect(warnings([.make(80)]) { $0.pods = [pod] } == [])
    }

    @Test(
        "a target port that no container names",
        arguments: [
            (IntOrString.name("http"), "TCP", false), (.name("http"), "UDP", true), (.name("web"), "TCP", true),
            (.number(80), "TCP", false),
        ])
    func targetPort(target: IntOrString, transport: String, isUnknown: Bool) {
        let pods = [
            Pod.make("web-0", "10.244.0.5"), .make("web-1", "10.244.0.6", ports: [("http", nil, 8080)]),
        ]
        let found = warnings([.make(80, protocol: transport, target: target)], selector: ["app": "web"]) {
            $0.pods = pods
        }
        #expect(found.count == (isUnknown ? 1 : 0))
        if isUnknown {
            #expect(
                found.first?.hasPrefix(
                    "spec.ports[0].targetPort: no container of the pods that the selector matches has a \(transport) port \"\(target)\""
                ) == true)
        }
    }

    @Test("pods that are not ready, or have ended, are as their author wants them")
    func silence() {
        var pod = Pod.make("web-0", "10.244.0.5")
        pod.isReady = false
        #expect(warnings([.make(80)], selector: ["app": "web"]) { $0.pods = [pod] } == [])
        pod.phase = "Succeeded"
        #expect(warnings([.make(80)], selector: ["app": "web"]) { $0.pods = [pod] } == [])
    }
}
