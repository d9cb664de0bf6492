// SPDX-License-Identifier: Apache-2.0

/// An internet protocol version, named as in the Kubernetes field `spec.ipFamilies`.
package enum IPFamily: String, Sendable, Hashable, Comparable, CaseIterable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"

    /// The length of an address in bits: 32 or 128.
    package var addressBits: Int { self == .ipv4 ? 32 : 128 }

    /// The length of an address in bytes: 4 or 16.
    package var addressBytes: Int { addressBits / 8 }

    /// IPv4 sorts before IPv6.
    @inlinable package static func < (left: IPFamily, right: IPFamily) -> Bool { left == .ipv4 && right == .ipv6 }
}
