// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleRuleset
import NetworkLab

extension Namespace {
    /// Replaces the tables as the command `apply` does: clients keep their endpoints, and stale UDP flows go.
    ///
    /// - Returns: how many flows were removed.
    @discardableResult
    func replace(with ruleset: Ruleset) throws(NetlinkError) -> Int {
        try perform { () throws(NetlinkError) in
            let kernel = Kernel()
            try kernel.apply(.replacing(with: try kernel.keepingMemory(in: ruleset)))
            return try kernel.removeStaleFlows(ruleset.datagramFlows)
        }
    }
}
