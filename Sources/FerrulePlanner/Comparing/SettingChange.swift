// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleRuleset

/// Something that changes for all services.
package struct SettingChange: Sendable, Hashable {
    package enum Setting: String, Sendable, Hashable {
        /// Where traffic to an unknown ClusterIP is dropped.
        case serviceCIDRs
        /// Whose traffic counts as that of pods.
        case podTraffic
        case nodePortAddresses
        case masqueradeAll
        case masqueradeBit
        /// The rules of a chain that every packet meets are not what they should be.
        case rules
    }

    package let setting: Setting
    /// nil for both.
    package var family: IPFamily?
    /// The node that it is about; nil for all nodes.
    package let node: String?
    package let before: [String]
    package let after: [String]
    /// Whether node ports open or close at addresses of the node, or do both: move; or whether traffic to more addresses is
    /// dropped, or pods are taken for clients outside, so that services are lost. nil where nobody need look twice.
    package let danger: PortChange.Danger?

    package var isDangerous: Bool { danger != nil }

    init(
        _ setting: Setting, _ family: IPFamily?, on node: String? = nil, before: [String], after: [String],
        danger: PortChange.Danger? = nil
    ) {
        (self.setting, self.family, self.node) = (setting, family, node)
        (self.before, self.after, self.danger) = (before, after, danger)
    }

    /// Chains with other rules than they should have, though no setting says why.
    static func rules(from actual: Table, to wanted: Table) -> [SettingChange] {
        let current = Dictionary(actual.chains.map { ($0.name, $0) }) { first, _ in first }
        return wanted.chains.filter { chain in
            let isForeign = current[chain.name]?.foreignRules.isEmpty == false
            return !chain.purpose.mayBeLeftOver && chain.purpose != .record && !isForeign
                && current[chain.name]?.rules != chain.rules
        }.map { chain in
            let state = current[chain.name] == nil ? "missing" : "changed by somebody else"
            return SettingChange(
                .rules, wanted.family, before: ["chain \(wanted.name) \(chain.name) is \(state)"], after: ["put right"])
        }
    }

    /// Changes that both families have become one.
    static func joiningFamilies(_ changes: [SettingChange]) -> [SettingChange] {
        var joined: [SettingChange] = []
        for change in changes {
            let twin = joined.firstIndex { other in
                other.setting == change.setting && other.node == change.node && other.before == change.before
                    && other.after == change.after
            }
            if let twin { joined[twin].family = nil } else { joined.append(change) }
        }
        return joined.filter(\.isDangerous) + joined.filter { !$0.isDangerous }
    }
}

/// Compares the settings of one table; nil stands for those of a table that is not there.
struct SettingsComparison {
    let family: IPFamily
    let before: TableSettings?
    let after: TableSettings?
    /// How many nodes are gone: no pod is left in as many ranges.
    let nodesGone: Int
    /// Whether pods find some service that clients outside do not, whom pods of a range that is lost are taken for: asked only
    /// where one is, since all services are looked at for it.
    let podsFindMore: () -> Bool

    var changes: [SettingChange] {
        var changes: [SettingChange] = []
        func compare(
            _ setting: SettingChange.Setting, _ before: [String], _ after: [String],
            danger: PortChange.Danger? = nil
        ) {
            guard before != after else { return }
            changes.append(SettingChange(setting, family, before: before, after: after, danger: danger))
        }
        let (old, new) = (before?.serviceCIDRs ?? [], after?.serviceCIDRs ?? [])
        // Where there was no table, all is new.
        let isWider = before != nil && new.reaches(beyond: old)
        compare(.serviceCIDRs, old.map(\.description), new.map(\.description), danger: isWider ? .loses : nil)
        guard let before, let after else { return changes }
        // Where all is masqueraded, and no service asks who sends, nothing tells whose traffic is that of pods.
        let isTold = !before.podTraffic.isEmpty && !after.podTraffic.isEmpty
        if before.podTraffic != after.podTraffic, isTold || before.masqueradesAll == after.masqueradesAll {
            let losesServices = losesPodRange(before, after) && podsFindMore()
            changes.append(
                SettingChange(
                    .podTraffic, family, before: before.podTraffic, after: after.podTraffic,
                    danger: losesServices ? .loses : nil))
        }
        let places = NodePortPlaces(
            node: nil, family: family, before: before.nodePortAddresses, after: after.nodePortAddresses)
        changes += change(places).map { [$0] } ?? []
        compare(.masqueradeAll, [before.masqueradesAll ? "on" : "off"], [after.masqueradesAll ? "on" : "off"])
        compare(.masqueradeBit, before.bit, after.bit)
        return changes
    }

    /// Whether pods may be in ranges that are none of pods any more. Where the last one goes, all services are compared.
    private func losesPodRange(_ before: TableSettings, _ after: TableSettings) -> Bool {
        guard !after.podRanges.isEmpty else { return false }
        return before.podRanges.reaching(beyond: after.podRanges).count > nodesGone
    }

    /// Other addresses that node ports are served at; nil for the same ones.
    func change(_ places: NodePortPlaces) -> SettingChange? {
        guard let before, let after, places.before != places.after else { return nil }
        let danger: PortChange.Danger? =
            switch (after.hasNodePorts && places.opensSome, before.hasNodePorts && places.closesSome) {
            case (true, true): .moves
            case (true, false): .opens
            case (false, true): .loses
            case (false, false): nil
            }
        let every = ["every address of the node"]
        return SettingChange(
            .nodePortAddresses, family, on: places.node, before: places.before ?? every, after: places.after ?? every,
            danger: danger)
    }
}

extension TableSettings {
    fileprivate var bit: [String] { mark.map { ["\($0.value.trailingZeroBitCount)"] } ?? [] }
}
