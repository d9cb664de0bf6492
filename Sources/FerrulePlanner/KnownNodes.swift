// SPDX-License-Identifier: Apache-2.0

/// The nodes of a cluster, by the Node objects of its definitions; none where there are no such objects.
package struct KnownNodes: Sendable {
    /// In natural order.
    package let names: [String]
    private let zones: [String: String]

    /// - Parameter zones: of each name the zone; nil for none.
    package init(_ zones: [String: String?] = [:]) {
        names = zones.keys.sorted { $0.precedesNaturally($1) }
        self.zones = zones.compactMapValues(\.self)
    }

    package var isEmpty: Bool { names.isEmpty }

    /// The nodes at none of some places.
    ///
    /// - Parameter seen: all places that are known to be of their own, though they may be like others: a node among them is
    ///   not what the rest of its zone is.
    /// - Returns: nil where no node is known.
    package func others(than places: some Sequence<NodePlace>, seen: Set<NodePlace>) -> [String]? {
        guard !isEmpty else { return nil }
        let places = Set(places)
        return names.filter { name in
            if seen.contains(.node(name)) { return !places.contains(.node(name)) }
            return zones[name].map { !places.contains(.zone($0)) } ?? true
        }
    }
}
