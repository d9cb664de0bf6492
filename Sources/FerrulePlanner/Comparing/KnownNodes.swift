// SPDX-License-Identifier: Apache-2.0

/// The nodes of a cluster, by the Node objects of its definitions; none where there are no such objects.
package struct KnownNodes: Sendable {
    /// In natural order.
    package let names: [String]
    private let zones: [String: String]
    /// Of those that there were before, the zones that they had.
    private let zonesBefore: [String: String]
    /// Those that were in another zone before, or in none, or are in none now.
    private let moved: [String]
    /// Of each name its place among the names.
    private let positions: [String: Int]
    /// Nodes and zones that the definitions no longer have: what becomes of traffic there is nothing to tell of.
    package let gone: Set<NodePlace>

    /// - Parameters:
    ///   - zones: of each name the zone; nil for none.
    ///   - before: the same as it was; a node that there was not is taken for one that was in its zone.
    ///   - gone: nodes and zones that there were before.
    package init(_ zones: [String: String?] = [:], before: [String: String?] = [:], gone: Set<NodePlace> = []) {
        let names = zones.keys.sorted { $0.precedesNaturally($1) }
        self.names = names
        self.zones = zones.compactMapValues(\.self)
        zonesBefore = zones.merging(before) { $1 }.compactMapValues(\.self)
        moved = names.filter { name in before[name].map { $0 != zones[name] } ?? false }
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

    /// Places that are alike on both of two sides, with all that a reader is to be told of them: those that differ from others on
    /// one of the sides, then these together; none of what is gone, and none where all nodes do the same.
    func groups(before: SeenPlaces, after: SeenPlaces) -> [PlaceGroup] {
        let listed = before.listed.union(after.listed)
        guard !listed.isSubset(of: gone) || !moved.isEmpty && !listed.isEmpty else { return [] }
        var groups: [PlaceGroup.Sides: [NodePlace]] = [:]
        // Of thousands of nodes few are named, and mostly none has moved.
        var own = Set(moved)
        for case .node(let name) in before.seen.union(after.seen).subtracting(gone) { own.insert(name) }
        for name in own {
            let sides = PlaceGroup.Sides(
                before: before.place(ofNode: name, in: zonesBefore[name]),
                after: after.place(ofNode: name, in: zones[name]))
            groups[sides, default: []].append(.node(name))
        }
        for place in listed.subtracting(gone) where !place.isNode {
            let members = members(of: place, besides: own)
            guard !members.isEmpty else { continue }
            groups[PlaceGroup.Sides(before: before.listed(place), after: after.listed(place)), default: []] += members
        }
        let ownOthers = groups.removeValue(forKey: .others) ?? []
        guard !groups.isEmpty else { return [] }
        let rest = isEmpty ? [.others] : others(listed, own) + ownOthers.filter { positions[$0.name] != nil }
        return groups.map { PlaceGroup(sides: $0, members: $1.sorted()) }.sorted { $0.members[0] < $1.members[0] }
            + (rest.isEmpty ? [] : [PlaceGroup(sides: .others, members: rest.sorted())])
    }

    /// What a place that is no node comes to without some nodes: a zone stands for itself as long as it has none of these, and
    /// else for its other nodes by name.
    private func members(of place: NodePlace, besides own: Set<String>) -> [NodePlace] {
        guard case .zone(let zone) = place, !isEmpty else { return [place] }
        let all = names.filter { zones[$0] == zone }
        let rest = all.filter { !own.contains($0) }
        return !all.isEmpty && rest.count == all.count ? [place] : rest.map(NodePlace.node)
    }

    /// The nodes in none of the zones among some places, without some nodes.
    private func others(_ places: Set<NodePlace>, _ own: Set<String>) -> [NodePlace] {
        let areZones = places.contains { !$0.isNode }
        return names.lazy.filter { name in
            guard !own.contains(name) else { return false }
            return !areZones || !(zones[name].map { places.contains(.zone($0)) } ?? false)
        }.map(NodePlace.node)
    }
}

/// The places that packets of a frontend were looked at, on one side of a comparison.
struct SeenPlaces {
    /// Those that differ from others.
    let listed: Set<NodePlace>
    /// All that were looked at one by one.
    let seen: Set<NodePlace>

    /// The place, or the others if it is like them.
    func listed(_ place: NodePlace) -> NodePlace { listed.contains(place) ? place : .others }

    /// What stands for a node of a zone; nil for none.
    func place(ofNode name: String, in zone: String?) -> NodePlace {
        if seen.contains(.node(name)) { return listed(.node(name)) }
        return zone.map { listed(.zone($0)) } ?? .others
    }
}

struct PlaceGroup {
    /// What stands for all of its places before, and after: not the same for nodes that have moved to another zone.
    struct Sides: Hashable {
        let before: NodePlace
        let after: NodePlace

        static let others = Sides(before: .others, after: .others)
    }

    let sides: Sides
    /// In order.
    let members: [NodePlace]
}
