// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// An IP address and a port to listen at.
package struct ListenAddress: Sendable, Hashable {
    package let address: IPAddress
    package let port: Int

    package init(_ address: IPAddress, port: Int) { (self.address, self.port) = (address, port) }

    /// `0.0.0.0:10256`, `[::]:10256`, or an address alone, which gets a port, as kube-proxy reads them (`AppendPortIfNeeded` of
    /// `pkg/proxy/util`, `validateHostPort` of `pkg/proxy/apis/config/validation`); nil for other texts.
    package init?(_ text: String, port defaultPort: Int) {
        if let address = IPAddress(text) {
            self.init(address, port: defaultPort)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        // An address of IPv6 has colons of its own.
        guard isBracketed || !host.contains(":"),
            let address = IPAddress(String(isBracketed ? host.dropFirst().dropLast() : host))
        else { return nil }
        self.init(address, port: port)
    }
}

extension ListenAddress: CustomStringConvertible {
    /// `10.0.0.1:10256`, `[::]:10256`
    package var description: String { address.family == .ipv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// Where a kube-proxy listens; what is not said is of the family of `bindAddress` (`getDefaultAddresses` in
/// `pkg/proxy/apis/config/v1alpha1/defaults.go`).
extension KubeProxyConfiguration {
    /// For health checks of the node; nil where what is said is no address.
    package var healthAddress: ListenAddress? {
        ListenAddress(healthzBindAddress ?? (bindsIPv6 ? "::" : "0.0.0.0"), port: 10_256)
    }

    /// For metrics; nil where what is said is no address.
    package var metricsAddress: ListenAddress? {
        ListenAddress(metricsBindAddress ?? (bindsIPv6 ? "::1" : "127.0.0.1"), port: 10_249)
    }

    private var bindsIPv6: Bool { bindAddress.flatMap { IPAddress($0) }?.family == .ipv6 }
}
