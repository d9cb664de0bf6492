// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset

extension KernelAccess {
    /// Ferrule's tables of both families as they stand.
    func readTables() throws -> Ruleset {
        try perform(.asked) { kernel throws(NetlinkError) in
            try kernel.read(IPFamily.allCases.map(TableName.ferrule)).ruleset
        }
    }

    /// The same, for who shows what packets meet: says where there are none, and where chains of iptables stand.
    func readTablesToShow() throws -> Ruleset {
        let ruleset = try readTables()
        if ruleset.tables.allSatisfy(\.isAbsent) { console.note("the kernel has no table of Ferrule") }
        BothBackends(console: console).noteUnread()
        return ruleset
    }
}
