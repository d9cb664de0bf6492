// SPDX-License-Identifier: Apache-2.0

/// The settings of an API server, and what the user says of the cluster, that validation depends on.
package struct ValidationOptions: Sendable, Hashable {
    /// The ports that a node port may have where the user has said it: `--service-node-port-range` of the API server. A
    /// node port outside it is an error.
    package var nodePortRange: ClosedRange<Int>?

    /// The range of an API server that was not told another; a cluster's may be any other.
    package static let defaultNodePortRange = 30000...32767

    /// The namespace of objects that say none, where the user has said it.
    package var namespace: String?

    /// Whether there are no services but those that are judged; else who knows all tells of what they claim of each other
    /// (``ExternalClaims``).
    package var coversAllServices = true

    package init(nodePortRange: ClosedRange<Int>? = nil, namespace: String? = nil) {
        (self.nodePortRange, self.namespace) = (nodePortRange, namespace)
    }
}
