// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// Choices that do not depend on the services.
package struct IPTablesOptions: Sendable {
    /// Says within the node that a packet is to be masqueraded; cleared before it leaves.
    package var mark: Mark
    /// Masquerade all traffic to ClusterIPs, not only that from outside the cluster.
    package var masqueradeAll = false

    package init(mark: Mark) { self.mark = mark }
}
