// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics

/// Finds node ports outside the range that API servers have by default, where the user has not said which range it is.
///
/// Many clusters have another range, such as one from 1 or from 3000 on: that is said once, and refuses nothing.
enum NodePortRange {
    static func diagnostics(of services: [Service]) -> [Diagnostic] {
        let range = ValidationOptions.defaultNodePortRange
        var first: (service: Service, field: FieldPath, port: Int)?
        var count = 0
        for service in services {
            for (field, port) in nodePorts(of: service) where (1...65535).contains(port) && !range.contains(port) {
                if first == nil { first = (service, field, port) }
                count += 1
            }
        }
        guard let first else { return [] }
        var report = ObjectReport(kind: "Service", meta: first.service.meta)
        let others = count > 1 ? ", as \(count - 1) more of this input \(count == 2 ? "is" : "are")" : ""
        report.warn(
            first.field, "\(first.port) is outside \(range.lowerBound)-\(range.upperBound)\(others)",
            hint: "pass the cluster's range with --node-port-range")
        return report.diagnostics
    }

    /// The fields of a service that take a port out of the range.
    private static func nodePorts(of service: Service) -> [(field: FieldPath, port: Int)] {
        guard ["NodePort", "LoadBalancer"].contains(service.spec.type) else { return [] }
        let spec = FieldPath("spec")
        var found: [(field: FieldPath, port: Int)] = []
        for (index, port) in service.spec.ports.enumerated() {
            if let number = port.nodePort { found.append((spec["ports"][index]["nodePort"], number)) }
        }
        if let number = service.spec.healthCheckNodePort { found.append((spec["healthCheckNodePort"], number)) }
        return found
    }
}
