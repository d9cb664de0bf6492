// SPDX-License-Identifier: Apache-2.0

/// The nodes of a cluster, by the Node objects of its definitions; none where there are no such objects.
package struct KnownNodes: Sendable {
    /// In natural order.
    package let names: [String]
    private let zones: [String: String]
    /// Of each name its place among the names.
    private let positions: [String: Int]
    /// Nodes and zones that the definitions no longer have: what becomes of traffic there is nothing to tell of.
    package let gone: Set<NodePlace>

    /// - Parameters:
    ///   - zones: of each name the zone; nil for none.
    ///   - gone: nodes and zones that there were before.
    package init(_ zones: [String: String?] = [:], gone: Set<NodePlace> = []) {
        let names = zones.keys.sorted { $0.precedesNaturally($1) }
        self.names = names
        self.zones = zones.compactMapValues(\.self)
        self.gone = gone
        positions = Dictionary(zip(names, names.indices)) { first, _ in first }
    }

    package var isEmpty: Bool { names.isEmpty }

    /// The nodes at none of some places.
    ///
    /// - Parameter seen: all places that are known to be of their own, though they may be like others: a node among them is
    ///   not what the rest of its zone is.
    /// - Returns: nil where no node is known.
    package func others(than places: some Sequence<NodePlace>, seen: Set<NodePlace>) -> [String]? {
        guard !isEmpty else { return nil }
        var named: Set<Int> = []
        var namedZones: Set<String> = []
        for place in places {
            if case .node(let name) = place, let position = positions[name] { named.insert(position) }
            if case .zone(let zone) = place { namedZones.insert(zone) }
        }
        return names.indices.filter { position in
            guard !named.contains(position) else { return false }
            // Of thousands of nodes few are named, and mostly no zone is.
            if namedZones.isEmpty || seen.contains(.node(names[position])) { return true }
            return zones[names[position]].map { !namedZones.contains($0) } ?? true
        }.map { names[$0] }
    }

    /// Places that are alike, with all that a reader is to be told of them; those at none of the named ones together, and none
    /// of what is gone.
    ///
    /// - Parameters:
    ///   - named: those that differ from others; none where all nodes do the same.
    ///   - seen: as of ``others(than:seen:)``.
    func groups(_ named: Set<NodePlace>, seen: Set<NodePlace>) -> [PlaceGroup] {
        let named = named.subtracting(gone)
        guard !named.isEmpty else { return [] }
        let rest = others(than: named, seen: seen).map { $0.map(NodePlace.node) } ?? [.others]
        return named.sorted().map { PlaceGroup(place: $0, members: [$0]) }
            + (rest.isEmpty ? [] : [PlaceGroup(place: .others, members: rest)])
    }
}

struct PlaceGroup {
    /// One that stands for all.
    let place: NodePlace
    let members: [NodePlace]
}
