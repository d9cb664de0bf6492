// SPDX-License-Identifier: Apache-2.0

/// Which port of a service before is which port of it after. Clients know an address and a number, not a name: the port at
/// the same place is the same port whatever it is called, and only what is found nowhere is looked for by its name.
struct PortPairs {
    /// A port, with the frontends it has on each side; none on one of them for a port that comes or goes.
    struct Pair {
        let before: [FrontendView]
        let after: [FrontendView]
    }

    private(set) var pairs: [Pair] = []

    init(_ before: [FrontendView], _ after: [FrontendView]) {
        var old = PortPairs.byName(before)
        var new = PortPairs.byName(after)
        take(&old, &new) { $0.name == $1.name && PortPairs.share($0.views, $1.views) }
        take(&old, &new) { PortPairs.share($0.views, $1.views) }
        take(&old, &new) { $0.name == $1.name }
        pairs += new.map { Pair(before: [], after: $0.views) } + old.map { Pair(before: $0.views, after: []) }
    }

    private typealias NamedPort = (name: ServicePortName, views: [FrontendView])

    private mutating func take(
        _ old: inout [NamedPort], _ new: inout [NamedPort], _ isSame: (NamedPort, NamedPort) -> Bool
    ) {
        var left: [NamedPort] = []
        for port in new {
            if let index = old.firstIndex(where: { isSame($0, port) }) {
                pairs.append(Pair(before: old.remove(at: index).views, after: port.views))
            } else {
                left.append(port)
            }
        }
        new = left
    }

    private static func byName(_ views: [FrontendView]) -> [NamedPort] {
        Dictionary(grouping: views, by: \.name).map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    private static func share(_ one: [FrontendView], _ other: [FrontendView]) -> Bool {
        one.contains { view in other.contains { $0.frontend.isAt(view.frontend) } }
    }
}
