// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes

/// The object of the agent's own node, as an API server tells of it. What is known of the node stands when its object goes, or
/// loses its addresses: kube-proxy goes on with them too, and node ports would be served at every local address otherwise.
struct OwnNode {
    private var last: Node?

    /// Whether there has been an object of the node.
    var isKnown: Bool { last != nil }

    /// Whether it is known where node ports are served: a kubelet may make the object before anybody has written its addresses, as
    /// under a cloud controller.
    var hasAddresses: Bool { last?.hostAddresses.isEmpty == false }

    /// The change that is passed on in the place of one that the server tells.
    mutating func take(_ change: ClusterChange) -> ClusterChange {
        switch change {
        case .put(.node(var node)):
            if node.hostAddresses.isEmpty, let last { node.addresses = last.addresses }
            last = node
            return .put(.node(node))
        case .delete(.node, _):
            guard var node = last else { return change }
            node.meta.isBeingDeleted = true
            return .put(.node(node))
        default: return change
        }
    }
}
