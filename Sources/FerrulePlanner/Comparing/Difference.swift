// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

/// What changes for traffic between two rulesets. The order of endpoints, and in which maps and chains a ruleset keeps them,
/// is no difference.
package struct Difference: Sendable {
    /// Dangerous ones first, then by label.
    package var services: [PortDifference]
    package var settings: [SettingChange]
    /// Who can reach what that could not before, and who cannot any more, as far as it is not a setting that does that.
    package var reach: [ReachChange]
    /// Objects and rules that somebody else put into Ferrule's tables, and that go.
    package var drift: [String]

    package var isEmpty: Bool { services.isEmpty && settings.isEmpty && drift.isEmpty }

    /// How many services, not ports, of which something changes come, stay or go.
    package func count(_ action: PortDifference.Action) -> Int {
        Set(services.lazy.filter { $0.action == action }.map(\.name.service)).count
    }

    /// How many services and settings change in a way that one should look at twice.
    package var dangerCount: Int {
        Set(services.lazy.filter(\.isDangerous).map(\.name.service)).count + settings.count(where: \.isDangerous)
    }

    /// - Parameters:
    ///   - placed: for a comparison of all nodes, the rulesets of nodes that differ from `actual` and `wanted`; only the
    ///     services that this concerns need stand in them.
    ///   - nodes: those that there are, as far as anybody says.
    ///   - addressesOfNodes: those that nodes have, or had, as far as they are known: nobody outside has them.
    ///   - nodePorts: on which of them node ports are served at other addresses.
    ///   - plan: the steps from one to the other, which tell what somebody else has put there.
    package init(
        from actual: Ruleset, to wanted: Ruleset,
        placed: (actual: [NodePlace: Ruleset], wanted: [NodePlace: Ruleset]) = ([:], [:]),
        nodes: KnownNodes = KnownNodes(), addressesOfNodes: Set<IPAddress> = [],
        nodePorts: [NodePortPlaces] = [], plan: Plan
    ) {
        var (before, after) = (FrontendViews(), FrontendViews())
        var settings: [SettingChange] = []
        let families = wanted.tables.map { table in
            PlacedTables(
                actual: actual.tables.first { $0.name == table.name } ?? Table(table.name), wanted: table,
                placedActual: Difference.tables(table.name, placed.actual),
                placedWanted: Difference.tables(table.name, placed.wanted))
        }
        let selections = ServiceSelection.all(of: families)
        for (index, tables) in families.enumerated() {
            let (current, table) = (tables.actual, tables.wanted)
            func view(_ table: Table, only selection: ServiceSelection?) -> TableView {
                TableView(table, only: selection, addressesOfNodes: addressesOfNodes)
            }
            let selection = selections?[index]
            let views = (before: view(current, only: selection), after: view(table, only: selection))
            before.add(views.before.frontends)
            after.add(views.after.frontends)
            for (place, table) in tables.placedActual { before.merge(view(table, only: nil).frontends, at: place) }
            for (place, table) in tables.placedWanted { after.merge(view(table, only: nil).frontends, at: place) }
            let comparison = SettingsComparison(
                family: table.family, before: current.isAbsent ? nil : views.before.settings,
                after: table.isAbsent ? nil : views.after.settings, nodesGone: nodes.gone.count(where: \.isNode),
                podsFindMore: { views.after.podsFindMore(ofThose: views.before) })
            let found = comparison.changes
            settings += found
            settings += nodePorts.filter { $0.family == table.family }.compactMap(comparison.change)
            if found.isEmpty, !current.isAbsent, !table.isAbsent {
                settings += SettingChange.rules(from: current, to: table)
            }
        }
        (services, reach) = PortDifference.all(from: before, to: after, nodes)
        self.settings = SettingChange.joiningFamilies(settings)
        drift = plan.drift
    }

    /// The tables of one name, in the order of their places.
    private static func tables(_ name: TableName, _ placed: [NodePlace: Ruleset]) -> [(place: NodePlace, table: Table)]
    {
        placed.sorted { $0.key < $1.key }.compactMap { place, ruleset in
            ruleset.tables.first { $0.name == name }.map { (place, $0) }
        }
    }
}
