// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleIPTables
import FerruleNetwork
import FerruleResolution
import NetworkLab
import RandomClusters

/// The two programs of one name: one makes nf_tables of rules, the other has a kernel interface of its own.
enum IPTablesVariant: String, CaseIterable {
    case nft, legacy

    /// `iptables-nft-restore`, for a family and what is done.
    func program(_ family: IPFamily, _ verb: String) -> String {
        "\(family == .ipv4 ? "iptables" : "ip6tables")-\(rawValue)-\(verb)"
    }
}

extension TestCluster {
    /// The rules of both families.
    func iptables() throws -> [IPTablesRuleset] {
        var options = IPTablesOptions(mark: compilerOptions.mark)
        options.masqueradeAll = masqueradeAll
        return try resolved().iptables(options)
    }
}

extension ResolvedCluster {
    /// The rules of both families.
    func iptables(_ options: IPTablesOptions = IPTablesOptions(mark: CompilerOptions.forTests.mark))
        -> [IPTablesRuleset]
    {
        IPFamily.allCases.map { IPTablesCompiler.compile(self, $0, options) }
    }
}

extension Namespace {
    /// What iptables-save shows.
    func standingIPTables(_ family: IPFamily, _ variant: IPTablesVariant) throws -> StandingIPTables {
        StandingIPTables(try run([variant.program(family, "save")]).standardOutput, family)
    }

    /// Sends what differs, as `ferrule apply --backend iptables` does. Returns what that was.
    @discardableResult
    func bring(to rulesets: [IPTablesRuleset], _ variant: IPTablesVariant) throws -> [IPTablesChange] {
        try rulesets.map { ruleset in
            let change = IPTablesChange(from: try standingIPTables(ruleset.family, variant), to: ruleset)
            guard !change.isEmpty else { return change }
            let result = try run(
                [variant.program(ruleset.family, "restore"), "--noflush", "--wait"], input: change.text)
            guard result.succeeded else { throw TestMistake(description: result.standardError) }
            return change
        }
    }
}
