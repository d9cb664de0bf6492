// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetlink
import FerrulePlanner
import FerruleRuleset
import NetworkLab

extension Namespace {
    /// Brings what Ferrule has here to a ruleset by the steps that differ.
    func update(to ruleset: Ruleset) throws(NetlinkError) {
        try perform { () throws(NetlinkError) in
            let kernel = Kernel()
            let state = try kernel.read(ruleset.tables.map(\.name))
            let plan = Planner.plan(from: state.ruleset, to: ruleset, isGenerated: ObjectNames.isGenerated)
            try kernel.apply(plan.structure)
            try kernel.apply(plan.changes)
        }
    }
}
