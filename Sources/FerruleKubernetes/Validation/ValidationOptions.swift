// SPDX-License-Identifier: Apache-2.0

/// The settings of an API server that validation depends on.
package struct ValidationOptions: Sendable, Hashable {
    /// The ports that a node port may have where the user has said it: `--service-node-port-range` of the API server. A
    /// node port outside it is an error.
    package var nodePortRange: ClosedRange<Int>?

    /// The range of an API server that was not told another; a cluster's may be any other.
    package static let defaultNodePortRange = 30000...32767

    package init(nodePortRange: ClosedRange<Int>? = nil) { self.nodePortRange = nodePortRange }
}
