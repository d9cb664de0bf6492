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
        switch danger {
        case nil: break
        case .opens: text += ": node ports open at more addresses"
        case .moves: text += ": node ports close at some addresses, whose clients lose them, and open at others"
        default: text += ": node ports close at some addresses, whose clients lose them"
        }
        return PlanLine(text: text, isDangerous: isDangerous)
    }

    private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
}
