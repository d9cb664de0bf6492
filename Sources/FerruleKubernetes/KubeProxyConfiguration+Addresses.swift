// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Where a kube-proxy listens; what is not said is of the family of `bindAddress` (`getDefaultAddresses` in
/// `pkg/proxy/apis/config/v1alpha1/defaults.go`).
extension KubeProxyConfiguration {
    /// For health checks of the node; nil where what is said is no address.
    package var healthAddress: Endpoint? {
        Self.listenAddress(healthzBindAddress ?? (bindsIPv6 ? "::" : "0.0.0.0"), port: 10_256)
    }

    /// For metrics; nil where what is said is no address.
    package var metricsAddress: Endpoint? {
        Self.listenAddress(metricsBindAddress ?? (bindsIPv6 ? "::1" : "127.0.0.1"), port: 10_249)
    }

    private var bindsIPv6: Bool { bindAddress.flatMap { IPAddress($0) }?.family == .ipv6 }

    /// Reads `0.0.0.0:10256`, `[::]:10256`, or an address alone, which gets a port, as kube-proxy does (`AppendPortIfNeeded` of
    /// `pkg/proxy/util`, `validateHostPort` of `pkg/proxy/apis/config/validation`): it takes brackets around IPv4 too, unlike
    /// ``Endpoint``. nil for other texts.
    private static func listenAddress(_ text: String, port defaultPort: Int) -> Endpoint? {
        if let address = IPAddress(text) { return Port(defaultPort).map { Endpoint(address, $0) } }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]).flatMap(Port.init)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        // An address of IPv6 has colons of its own.
        guard isBracketed || !host.contains(":"),
            let address = IPAddress(isBracketed ? host.dropFirst().dropLast() : host)
        else { return nil }
        return Endpoint(address, port)
    }
}
