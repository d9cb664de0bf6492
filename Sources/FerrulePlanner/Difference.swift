// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What changes for traffic between two rulesets. The order of endpoints, and in which maps and chains a ruleset keeps them,
/// is no difference.
package struct Difference: Sendable {
    /// Dangerous ones first, then by label.
    package var services: [ServiceDifference]
    package var settings: [SettingChange]
    /// Objects and rules that somebody else put into Ferrule's tables, and that go.
    package var drift: [String]

    package var isEmpty: Bool { services.isEmpty && settings.isEmpty && drift.isEmpty }

    package func count(_ action: ServiceDifference.Action) -> Int { services.count { $0.action == action } }

    /// How many services and settings change in a way that one should look at twice.
    package var dangerCount: Int {
        services.count(where: \.isDangerous) + settings.count(where: \.isDangerous)
    }

    /// - Parameter plan: the steps from one to the other, which tell what somebody else has put there.
    package init(from actual: Ruleset, to wanted: Ruleset, plan: Plan) {
        var services: [ServiceViews] = [ServiceViews(), ServiceViews()]
        var settings: [SettingChange] = []
        for table in wanted.tables {
            let current = actual.tables.first { $0.name == table.name } ?? Table(table.name)
            let selection = ServiceSelection(from: current, to: table)
            let before = TableView(current, only: selection)
            let after = TableView(table, only: selection)
            services[0].add(before.services)
            services[1].add(after.services)
            let comparison = SettingsComparison(
                family: table.family, before: current.isAbsent ? nil : before.settings,
                after: table.isAbsent ? nil : after.settings)
            let found = comparison.changes
            settings += found
            if found.isEmpty, !current.isAbsent, !table.isAbsent {
                settings += SettingChange.rules(from: current, to: table)
            }
        }
        self.services = ServiceDifference.all(from: services[0], to: services[1])
        self.settings = SettingChange.joiningFamilies(settings)
        drift = plan.drift
    }
}

/// The frontends of services, by label.
struct ServiceViews {
    private(set) var byLabel: [String: [ServiceView]] = [:]

    mutating func add(_ views: [ServiceView]) {
        for view in views { byLabel[view.label, default: []].append(view) }
    }
}
