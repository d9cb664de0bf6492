// SPDX-License-Identifier: Apache-2.0

/// Whose a frontend is, as the comment of its element says: `namespace/service:port`.
package struct ServicePortName: Sendable, Hashable {
    /// Empty where nobody has written down whose it is.
    package let namespace: String
    /// `namespace/service`, or all of the text where it is no such name.
    package let service: String
    /// The service's name within its namespace, or all of the text where it is no such name.
    package let serviceName: String
    /// Empty where the port has no name.
    package let port: String

    /// Reads ``label``. Kubernetes has no colon, slash or blank in names, but the text of a frontend that nobody has named has.
    package init(_ label: String) {
        let parts = label.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !label.contains(" "), !parts[0].contains(":") else {
            (namespace, service, serviceName, port) = ("", label, label, "")
            return
        }
        let name = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        namespace = String(parts[0])
        serviceName = String(name[0])
        service = "\(namespace)/\(serviceName)"
        port = name.count > 1 ? String(name[1]) : ""
    }

    package var label: String { port.isEmpty ? service : "\(service):\(port)" }
}

extension ServicePortName: Comparable {
    /// By namespace, service and port, each in natural order.
    package static func < (left: ServicePortName, right: ServicePortName) -> Bool {
        if left.namespace != right.namespace { return left.namespace.precedesNaturally(right.namespace) }
        if left.service != right.service { return left.service.precedesNaturally(right.service) }
        return left.port.precedesNaturally(right.port)
    }
}
