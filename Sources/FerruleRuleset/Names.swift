// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// The name of a chain of one table.
package struct ChainName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    package init(_ name: String) { description = name }

    package static func < (left: ChainName, right: ChainName) -> Bool { left.description < right.description }
}

/// The name of a set or map of one table.
package struct SetName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    package init(_ name: String) { description = name }

    package static func < (left: SetName, right: SetName) -> Bool { left.description < right.description }
}

/// A table: family and name, `ip ferrule`.
package struct TableName: Sendable, Hashable, CustomStringConvertible {
    package let family: IPFamily
    package let name: String

    package init(_ family: IPFamily, _ name: String) { (self.family, self.name) = (family, name) }

    /// Ferrule's table of a family.
    package static func ferrule(_ family: IPFamily) -> TableName { TableName(family, "ferrule") }

    /// The table that kube-proxy has of a family, in its mode nftables (`pkg/proxy/nftables/proxier.go`).
    package static func kubeProxy(_ family: IPFamily) -> TableName { TableName(family, "kube-proxy") }

    package var description: String { "\(family.nftName) \(name)" }
}

extension IPFamily {
    /// The name of the family and of its protocol in nft's text, JSON and listings.
    package var nftName: String { self == .ipv4 ? "ip" : "ip6" }
}
