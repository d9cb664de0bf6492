// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import RandomClusters

extension Namespace {
    /// Sends what differs, as `ferrule apply` does.
    @discardableResult
    func update(to ruleset: Ruleset, _ kernel: Kernel = Kernel()) throws(NetlinkError) -> Applier.Outcome {
        let applier = Applier(kernel: kernel, ruleset: ruleset, provenance: Provenance(ofTest: ruleset))
        return try perform { () throws(NetlinkError) in try applier.update(.commit) }
    }

    /// What stands under Ferrule's names.
    func read() throws(NetlinkError) -> Ruleset {
        try perform { () throws(NetlinkError) in
            try Kernel().read(IPFamily.allCases.map(TableName.ferrule)).ruleset
        }
    }

    /// Whether exactly this stands there, apart from what has no meaning.
    func holds(_ ruleset: Ruleset) throws(NetlinkError) -> Bool {
        try read().normalised(for: ruleset) == ruleset.normalised(for: ruleset)
    }
}
