// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
internal import FerruleNetwork

extension AllocationLock {
    /// What in a lock file is no allocation: a service that had it would be given another one without a word.
    package func problems(file: String) -> [Diagnostic] {
        func problem(_ field: FieldPath, _ message: String) -> Diagnostic {
            Diagnostic(.error, message, field: field, origin: Origin(file: file))
        }
        var found: [Diagnostic] = []
        for (key, addresses) in clusterIPs.sorted(by: { $0.key < $1.key }) {
            let field = FieldPath("clusterIPs")[key]
            if !Self.isService(key[...]) {
                found.append(problem(field, "the key is not of the form namespace/service"))
            }
            for (position, text) in addresses.enumerated() where IPAddress(text) == nil {
                found.append(problem(field[position], "\(quoted(text)) is not an IP address"))
            }
        }
        for (key, number) in nodePorts.sorted(by: { $0.key < $1.key }) {
            let field = FieldPath("nodePorts")[key]
            if !Self.isServicePort(key) {
                found.append(problem(field, "the key is not of the form namespace/service:port/TCP, UDP or SCTP"))
            }
            if Port(number) == nil { found.append(problem(field, "\(number) is not a port number of 1-65535")) }
        }
        return found
    }

    /// `shop/web`
    private static func isService(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts.contains(where: \.isEmpty)
    }

    /// `shop/web:80/TCP`
    private static func isServicePort(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":") else { return false }
        let parts = text[colon...].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return isService(text[..<colon]) && parts.count == 2 && Int(parts[0]).flatMap(Port.init) != nil
            && TransportProtocol(kubernetesName: String(parts[1])) != nil
    }
}
