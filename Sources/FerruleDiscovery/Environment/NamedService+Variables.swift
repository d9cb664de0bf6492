// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution

extension NamedService {
    /// The variables of one service in both conventions: Kubernetes' own, and that of Docker's links (`FromServices` in
    /// `pkg/kubelet/envvars`). None without a ClusterIP.
    var variables: [ContainerEnvironment.Variable] {
        // kubelet copies the text of the object, however it spells the address.
        guard let address = writtenClusterIP ?? clusterIPs.first?.description else { return [] }
        let prefix = variableName(key.name)
        var pairs = [("\(prefix)_SERVICE_HOST", address)]
        if let first = ports.first { pairs.append(("\(prefix)_SERVICE_PORT", first.number.description)) }
        for port in ports where !port.name.isEmpty {
            pairs.append(("\(prefix)_SERVICE_PORT_\(variableName(port.name))", port.number.description))
        }
        let host = address.contains(":") ? "[\(address)]" : address
        for (position, port) in ports.enumerated() {
            let url = "\(port.protocol.name)://\(host):\(port.number)"
            if position == 0 { pairs.append(("\(prefix)_PORT", url)) }
            let link = "\(prefix)_PORT_\(port.number)_\(port.protocol.name.uppercased())"
            pairs += [
                (link, url), ("\(link)_PROTO", port.protocol.name), ("\(link)_PORT", port.number.description),
                ("\(link)_ADDR", address),
            ]
        }
        return pairs.map { ContainerEnvironment.Variable(name: $0.0, value: $0.1, service: key) }
    }
}

/// Upper-case, with underscores for dashes; nothing else is changed.
private func variableName(_ name: String) -> String { name.uppercased().replacing("-", with: "_") }
