// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

/// What iptables-restore or ip6tables-restore takes with `--noflush`: it fills all chains of Ferrule, and puts jumps to them
/// before what stands in the built-in chains.
package enum RestoreText {
    /// - Parameter summary: what it is made of.
    package static func render(_ ruleset: IPTablesRuleset, _ summary: Summary) -> [UInt8] {
        var lines = [
            "# Kubernetes Services as \(ruleset.family.iptables) rules, made by Ferrule.",
            "# \(summary.sentence)", "#",
            "# Load once with: \(ruleset.family.iptables)-restore --noflush --wait < FILE",
        ]
        if ruleset.isEmpty {
            lines.append("# No service needs rules of \(ruleset.family.rawValue).")
        } else {
            lines += [
                "# It adds jumps and chains of its own name and touches no others; `ferrule apply --backend iptables` sends what",
                "# differs and removes what is not needed any more.", "#",
                "# The first packet of each connection takes this path; later packets follow it without reading any rule:",
                "#   PREROUTING or OUTPUT -> FERRULE-SERVICES -> FERRULE-ADDRESSES or FERRULE-NODEPORTS -> a service's chain",
                "# What was not translated there comes to FERRULE-UNSERVED in the filter table.",
            ]
        }
        for table in ruleset.tables where !table.chains.isEmpty {
            lines.append("*\(table.name.rawValue)")
            lines += table.chains.map { ":\($0.name) - [0:0]" }
            for chain in table.name.builtInChains {
                if let jump = table.jumps[chain] { lines.append(jumpLine("-I \(chain) 1", jump, ruleset.family)) }
            }
            for chain in table.chains { lines += chain.lines(ruleset.family) }
            lines.append("COMMIT")
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// A rule that leads from a built-in chain to one of Ferrule.
    static func jumpLine(_ place: String, _ jump: IPTablesRule, _ family: IPFamily) -> String {
        "\(place) \(jump.text(family, comment: jumpComment))"
    }

    static let jumpComment = "Kubernetes Services, by Ferrule"
}
