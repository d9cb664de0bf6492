// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

/// Choices of a ruleset that do not depend on the services.
package struct CompilerOptions: Sendable {
    /// The families to manage.
    package var families: [IPFamily] = IPFamily.allCases
    /// Masquerade all traffic to ClusterIPs, not only that from outside the cluster.
    package var masqueradeAll = false
    /// Says within the node that a packet is to be masqueraded; cleared before it leaves.
    package var mark: Mark
    /// Which services are cut into parts; other values than these make smaller tests.
    package var partLimits = PartLimits()

    package init(mark: Mark) { self.mark = mark }
}
