// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleRuleset

extension KernelAccess {
    /// Ferrule's tables of both families as they stand. Says where there are none, and where chains of iptables stand.
    func readTables() throws -> Ruleset {
        let ruleset = try perform(.asked) { kernel throws(NetlinkError) in
            try kernel.read(IPFamily.allCases.map(TableName.ferrule)).ruleset
        }
        if ruleset.tables.allSatisfy(\.isAbsent) { console.note("the kernel has no table of Ferrule") }
        BothBackends(console: console).noteUnread()
        return ruleset
    }
}
