// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleText

extension SettingChange {
    /// How many values a line names.
    private static let valuesNamed = 6

    /// `service CIDRs IPv4: 10.96.0.0/16 -> 10.96.0.0/12`
    var line: PlanLine {
        let name =
            switch setting {
            case .serviceCIDRs: "service CIDRs"
            case .podTraffic: "pod traffic"
            case .nodePortAddresses: "node port addresses"
            case .masqueradeAll: "masquerade all"
            case .masqueradeBit: "masquerade bit"
            case .rules: ""
            }
        let text =
            setting == .rules
            ? (before + after).joined(separator: ", ")
            : "\(name)\(family.map { " \($0.rawValue)" } ?? "")\(node.map { " on \($0)" } ?? ""): \(values)"
        return PlanLine(text: text + dangerWords, isDangerous: isDangerous)
    }

    private var dangerWords: String {
        switch (danger, setting) {
        case (nil, _): ""
        case (_, .podTraffic): ": pods of ranges that go lose services that clients outside do not find"
        case (_, .serviceCIDRs): ": traffic to more addresses that no service has is dropped"
        case (.opens, _): ": node ports open at more addresses"
        case (.moves, _): ": node ports close at some addresses, whose clients lose them, and open at others"
        default: ": node ports close at some addresses, whose clients lose them"
        }
    }

    /// `10.96.0.0/16 -> 10.96.0.0/12`; of many values what comes and goes, `2,499 -> 2,500 (+ 10.109.195.0/24)`.
    private var values: String {
        guard max(before.count, after.count) > Self.valuesNamed else { return "\(list(before)) -> \(list(after))" }
        let (old, new) = (Set(before), Set(after))
        let all =
            before.filter { !new.contains($0) }.map { "- \($0)" } + after.filter { !old.contains($0) }.map { "+ \($0)" }
        return "\(before.count.grouped) -> \(after.count.grouped) (\(listed(all, shown: Self.valuesNamed)))"
    }

    private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
}
