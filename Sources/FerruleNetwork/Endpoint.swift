// SPDX-License-Identifier: Apache-2.0

/// The address and port that a service's traffic is led to.
package struct Endpoint: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: Port

    package init(_ address: IPAddress, _ port: Port) { (self.address, self.port) = (address, port) }

    /// `10.244.1.12:7070`, `[fd00::1]:7070`
    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    package static func < (left: Endpoint, right: Endpoint) -> Bool {
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}
