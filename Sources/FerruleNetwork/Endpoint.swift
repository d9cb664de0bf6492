// SPDX-License-Identifier: Apache-2.0

/// An address and a port: where a service's traffic is led to, or where somebody listens.
package struct Endpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: Port

    package init(_ address: IPAddress, _ port: Port) { (self.address, self.port) = (address, port) }

    /// Reads ``description``; nil for other texts.
    package init?(_ text: String) { self.init(text[...]) }

    /// Reads ``description``; nil for other texts.
    package init?(_ text: Substring) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]).flatMap(Port.init)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard let address = IPAddress(isBracketed ? host.dropFirst().dropLast() : host),
            (address.family == .ipv6) == isBracketed
        else { return nil }
        self.init(address, port)
    }

    /// `10.244.1.12:7070`, `[fd00::1]:7070`
    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    package static func < (left: Endpoint, right: Endpoint) -> Bool {
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}
