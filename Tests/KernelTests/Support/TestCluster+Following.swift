// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleCluster
import FerruleManifests
import FerruleNetlink
import FerruleTestSupport
import Foundation
import NetworkLab

extension TestCluster {
    /// Puts the objects into a cluster one by one, in some order, with a transaction for each, as an agent does; then the kernel
    /// must hold what they come to all at once.
    func follow(on node: Namespace, seed: UInt64) throws {
        let text = manifests
        let objects = try ManifestReader { Data(text.utf8) }.read(["-"]).objects
        var generator = SeededGenerator(seed: seed)
        var keeper = NodeKeeper(Kernel(), options, compilerOptions, version: "0")
        _ = keeper.complete()
        for change in [nil] + objects.changes.shuffled(using: &generator).map(Optional.some) {
            _ = keeper.take(change.map { [$0] } ?? [])
            _ = try node.perform { () throws(NetlinkError) in try keeper.settle() }
        }
        guard try node.holds(ruleset()) else { throw TestMistake(description: "the kernel does not hold the ruleset") }
    }
}
