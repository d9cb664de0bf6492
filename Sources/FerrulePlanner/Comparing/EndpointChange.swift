// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Which endpoints a frontend's traffic may go to, before and after.
package struct EndpointChange: Sendable, Hashable {
    /// Whose traffic.
    package let audiences: [Audience]
    /// Where, in order; nil for all nodes together.
    package internal(set) var places: [NodePlace]?
    package let before: Int
    package let after: Int
    /// Sorted.
    package let added: [Endpoint]
    /// Sorted.
    package let removed: [Endpoint]
    /// Those before and after; sorted.
    package let kept: [Endpoint]
    /// Where endpoints stay and are asked at another port: all at the same one before, and at the same one after.
    package let portChange: PortChange?

    /// Another target port at addresses that stay.
    package struct PortChange: Sendable, Hashable {
        package let before: Port
        package let after: Port
        package let addresses: Set<IPAddress>
    }

    package var losesLast: Bool { after == 0 && before > 0 }

    /// nil for lists of the same endpoints in whatever order.
    init?(_ before: [Endpoint], _ after: [Endpoint], at places: [NodePlace]? = nil) {
        guard before != after else { return nil }
        let (old, new) = (Set(before), Set(after))
        guard old != new else { return nil }
        let (added, removed) = (new.subtracting(old).sorted(), old.subtracting(new).sorted())
        self.init(
            audiences: [], places: places, before: old.count, after: new.count, added: added, removed: removed,
            kept: old.intersection(new).sorted(), portChange: PortChange(removed, added))
    }

    private init(
        audiences: [Audience], places: [NodePlace]?, before: Int, after: Int, added: [Endpoint], removed: [Endpoint],
        kept: [Endpoint], portChange: PortChange?
    ) {
        (self.audiences, self.places, self.before, self.after) = (audiences, places, before, after)
        (self.added, self.removed, self.kept, self.portChange) = (added, removed, kept, portChange)
    }

    /// Whether the same comes and goes, wherever that is.
    func isLike(_ other: EndpointChange) -> Bool {
        (before, after) == (other.before, other.after) && added == other.added && removed == other.removed
            && kept == other.kept
    }

    func of(_ audiences: [Audience]) -> EndpointChange {
        EndpointChange(
            audiences: audiences, places: places, before: before, after: after, added: added, removed: removed,
            kept: kept, portChange: portChange)
    }
}

extension EndpointChange.PortChange {
    /// nil unless every address that is on both sides has one port before and one after, the same as the others'.
    fileprivate init?(_ removed: [Endpoint], _ added: [Endpoint]) {
        let addresses = Set(removed.map(\.address)).intersection(added.map(\.address))
        let leaving = removed.filter { addresses.contains($0.address) }
        let coming = added.filter { addresses.contains($0.address) }
        guard let before = leaving.first?.port, let after = coming.first?.port,
            leaving.count == addresses.count, coming.count == addresses.count,
            leaving.allSatisfy({ $0.port == before }), coming.allSatisfy({ $0.port == after })
        else { return nil }
        self.init(before: before, after: after, addresses: addresses)
    }
}
