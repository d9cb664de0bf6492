// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import Testing

/// A change to a service that is in order, and what validation then says, word for word.
struct ServiceCase: Sendable, CustomTestStringConvertible {
    let expected: [String]
    let change: @Sendable (inout Service) -> Void

    init(_ expected: String..., change: @escaping @Sendable (inout Service) -> Void) {
        (self.expected, self.change) = (expected, change)
    }

    var testDescription: String { expected.first ?? "in order" }
}

struct ServiceValidationTests {
    @Test(
        "a service is held to the rules of the API server",
        arguments: ServiceCase.ports + ServiceCase.addresses + ServiceCase.policies)
    func validates(example: ServiceCase) {
        var objects = ClusterObjects()
        var service = Service.example()
        example.change(&service)
        objects.services = [service]
        #expect(ClusterValidator.validate(objects).map(\.summary) == example.expected)
    }

    @Test(
        "what an API server has stored is at most a warning",
        arguments: ServiceCase.ports + ServiceCase.addresses + ServiceCase.policies)
    func warnsOfStored(example: ServiceCase) {
        var objects = ClusterObjects()
        var service = Service.example()
        example.change(&service)
        service.meta.isStored = true
        objects.services = [service]
        let expected = example.expected.map { $0.replacing("error: ", with: "warning: ", maxReplacements: 1) }
        #expect(ClusterValidator.validate(objects).map(\.summary) == expected)
    }

    private func nodePorts(_ ports: Int..., isStored: Bool = false) -> ClusterObjects {
        var objects = ClusterObjects()
        for (index, port) in ports.enumerated() {
            var service = Service.example("web-\(index)")
            service.meta.isStored = isStored
            service.spec.type = "NodePort"
            service.spec.ports[0].nodePort = port
            objects.services.append(service)
        }
        return objects
    }

    @Test("a node port outside the range that the user gave is refused, unless it is stored")
    func usesNodePortRange() {
        func found(_ range: ClosedRange<Int>, isStored: Bool) -> [String] {
            ClusterValidator.validate(
                nodePorts(8080, isStored: isStored), options: ValidationOptions(nodePortRange: range)
            ).map(\.summary)
        }
        let message = "spec.ports[0].nodePort: 8080 is outside the node port range 30000-32767"
        #expect(found(30000...32767, isStored: false) == ["error: \(message)"])
        #expect(found(30000...32767, isStored: true) == ["warning: \(message)"])
        #expect(found(1...32767, isStored: false) == [])
    }

    @Test("node ports outside the default range are warned of once")
    func warnsOfOtherNodePortRanges() {
        func found(_ objects: ClusterObjects) -> [String] { ClusterValidator.validate(objects).map(\.summary) }
        let start = "warning: spec.ports[0].nodePort: 80 is outside 30000-32767"
        #expect(found(nodePorts(30000, 80)) == [start])
        #expect(found(nodePorts(80, 32767, 3000)) == [start + ", as 1 more of this input is"])
        #expect(found(nodePorts(80, 3000, 65535)) == [start + ", as 2 more of this input are"])
    }

    @Test("a name may be left to the API server, but not that of a service")
    func generatedNames() {
        var objects = ClusterObjects()
        var slice = EndpointSlice(meta: ObjectMeta(name: ""), addressType: "IPv4")
        slice.meta.generateName = "web-"
        var service = Service.example("")
        service.meta.generateName = "web-"
        (objects.endpointSlices, objects.services) = ([slice], [service])
        #expect(
            ClusterValidator.validate(objects).map { "\($0.object ?? ""): \($0.message)" } == [
                "Service shop/web-*: missing; the name that the API server would choose is not known"
            ])
    }

    @Test("fields that could not be decoded are not called missing")
    func passesOverUnreadableFields() {
        var objects = ClusterObjects()
        var service = Service.example()
        service.spec.ports[0].port = nil
        service.meta.unreadableFields = [FieldPath("spec", "ports")[0]["port"]]
        objects.services = [service]
        #expect(ClusterValidator.validate(objects) == [])
    }
}

extension Diagnostic {
    /// The severity, field and message.
    var summary: String { "\(severity.rawValue): \(field): \(message)" }
}

extension Service {
    /// A service with which nothing is wrong.
    static func example(_ name: String = "web") -> Service {
        var port = ServicePort()
        port.port = 80
        port.targetPort = .name("http")
        var spec = ServiceSpec()
        spec.ports = [port]
        spec.selector = ["app": "web"]
        return Service(meta: ObjectMeta(name: name, namespace: "shop"), spec: spec)
    }
}
