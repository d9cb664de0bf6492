// SPDX-License-Identifier: Apache-2.0

/// The settings of an API server that validation depends on.
package struct ValidationOptions: Sendable, Hashable {
    /// The ports that a node port may have: `--service-node-port-range` of the API server.
    package var nodePortRange: ClosedRange<Int>

    package init(nodePortRange: ClosedRange<Int> = 30000...32767) { self.nodePortRange = nodePortRange }
}
