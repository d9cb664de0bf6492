// SPDX-License-Identifier: Apache-2.0

/// What becomes of one service port.
package struct PortDifference: Sendable {
    /// What becomes of the service that it belongs to.
    package enum Action: String, Sendable, Hashable {
        case add, change, remove
    }

    package let name: ServicePortName
    /// What the port was called before, where that is something else.
    package let formerName: ServicePortName?
    package let action: Action
    /// Of a service that comes, that each of its frontends opens; of one that goes, that each closes.
    package private(set) var changes: [PortChange]
    /// Its frontends of both families, on each side.
    package let before: [FrontendView]
    package let after: [FrontendView]

    package var isDangerous: Bool { changes.contains(where: \.isDangerous) }

    /// Dangerous ones first, then by name; and whom they let in, or keep out.
    static func all(
        from before: FrontendViews, to after: FrontendViews, _ nodes: KnownNodes
    ) -> (services: [PortDifference], reach: [ReachChange]) {
        var found: [PortDifference] = []
        var reach: [ReachChange] = []
        for service in Set(before.byService.keys).union(after.byService.keys) {
            let (old, new) = (before.byService[service] ?? [], after.byService[service] ?? [])
            let action: Action = old.isEmpty ? .add : new.isEmpty ? .remove : .change
            for pair in PortPairs(old, new).pairs {
                let changes = PortComparison(pair.before, pair.after, nodes).changes
                guard !changes.isEmpty, let name = (pair.after.first ?? pair.before.first)?.name else { continue }
                let formerName = pair.before.first?.name
                found.append(
                    PortDifference(
                        name: name, formerName: formerName == name ? nil : formerName, action: action,
                        changes: changes, before: pair.before, after: pair.after))
                reach += ReachChange.all(pair.before, pair.after, nodes)
            }
        }
        passPlaces(&found, to: after)
        let services = found.sorted { $0.isDangerous == $1.isDangerous ? $0.name < $1.name : $0.isDangerous }
        return (services, reach.sorted { $0.precedes($1) })
    }

    /// Says of frontends that close, or move, who has their place from now on.
    private static func passPlaces(_ differences: inout [PortDifference], to after: FrontendViews) {
        var owners: [Frontend.Location: ServicePortName] = [:]
        for difference in differences.indices {
            for change in differences[difference].changes.indices {
                guard let left = differences[difference].changes[change].kind.placeLeft else { continue }
                if owners.isEmpty {
                    for other in after.byService.values.joined() { owners[other.frontend.location] = other.name }
                }
                // It may have closed to the outside alone.
                guard let owner = owners[left.location], owner != differences[difference].name else { continue }
                differences[difference].changes[change].pass(to: owner)
            }
        }
    }
}

extension PortChange.Kind {
    /// The frontend that its clients do not find any more; nil where there is none.
    fileprivate var placeLeft: Frontend? {
        switch self {
        case .closed(let view): view.frontend
        case .moved(let from, _): from
        default: nil
        }
    }
}
