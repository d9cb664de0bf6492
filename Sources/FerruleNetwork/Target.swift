// SPDX-License-Identifier: Apache-2.0

/// Where traffic goes: an address and port.
package struct Target: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: Port

    package init(_ address: IPAddress, _ port: Port) { (self.address, self.port) = (address, port) }

    /// `10.244.1.12:7070`, `[fd00::1]:7070`
    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    /// By address, then by port.
    package static func < (left: Target, right: Target) -> Bool {
        left.address == right.address ? left.port < right.port : left.address < right.address
    }
}
