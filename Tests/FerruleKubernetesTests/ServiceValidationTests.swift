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

    @Test("the node port range is that of the cluster")
    func usesNodePortRange() {
        var objects = ClusterObjects()
        var service = Service.example()
        service.spec.type = "NodePort"
        service.spec.ports[0].nodePort = 8080
        objects.services = [service]
        #expect(ClusterValidator.validate(objects, options: ValidationOptions(nodePortRange: 8000...9000)) == [])
        #expect(
            ClusterValidator.validate(objects).map(\.hint) == ["choose a port in the range, or pass --node-port-range"])
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
