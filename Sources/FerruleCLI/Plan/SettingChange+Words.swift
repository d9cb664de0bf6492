// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner

extension SettingChange {
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
        var text =
            setting == .rules
            ? (before + after).joined(separator: ", ")
            : "\(name)\(family.map { " \($0.rawValue)" } ?? "")\(node.map { " on \($0)" } ?? ""): "
                + "\(list(before)) -> \(list(after))"
        if let danger {
            text += danger == .opens ? ": node ports open at more addresses" : ": node ports close at some"
        }
        return PlanLine(text: text, isDangerous: isDangerous)
    }

    private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
}
