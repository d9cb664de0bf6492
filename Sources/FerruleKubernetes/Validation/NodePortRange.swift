// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// Finds node ports outside the range that API servers have by default, where the user has not said which range it is.
///
/// Many clusters have another range, such as one from 1 or from 3000 on: that is said once, and refuses nothing.
package enum NodePortRange {
    /// A warning that names the first such port, and counts the others; nothing where there is none.
    package static func diagnostics(of services: [Service]) -> [Diagnostic] {
        let range = ValidationOptions.defaultNodePortRange
        var first: (service: Service, field: FieldPath, port: Int)?
        var count = 0
        for service in services {
            for (field, port) in service.nodePortFields where (1...65535).contains(port) && !range.contains(port) {
                if first == nil { first = (service, field, port) }
                count += 1
            }
        }
        guard let first else { return [] }
        var report = ObjectReport(.service, first.service.meta)
        let others = count > 1 ? ", as \(count - 1) more of this input \(count == 2 ? "is" : "are")" : ""
        report.warn(
            first.field, "\(first.port) is outside \(range.lowerBound)-\(range.upperBound)\(others)",
            hint: "pass the cluster's range with --node-port-range")
        return report.diagnostics
    }
}

extension Service {
    /// The fields that take a node port, and which; nothing of a service of a type that has none.
    var nodePortFields: [(field: FieldPath, port: Int)] {
        guard ["NodePort", "LoadBalancer"].contains(spec.type) else { return [] }
        let path = FieldPath("spec")
        let ports = spec.ports.enumerated().map { (path["ports"][$0.offset]["nodePort"], $0.element.nodePort) }
        return (ports + [(path["healthCheckNodePort"], spec.healthCheckNodePort)])
            .compactMap { field, port in port.flatMap { $0 == 0 ? nil : (field, $0) } }
    }
}
