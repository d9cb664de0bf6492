// SPDX-License-Identifier: Apache-2.0

/// A Node (`v1`), as far as it decides on addresses and ranges.
package struct Node: Sendable, Hashable {
    /// The label that names a node's zone.
    package static let zoneLabel = "topology.kubernetes.io/zone"

    package var meta: ObjectMeta
    /// `spec.podCIDRs`, else `spec.podCIDR`.
    package var podCIDRs: [String] = []
    /// `status.addresses`, in order.
    package var addresses: [NodeAddress] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}

package struct NodeAddress: Sendable, Hashable {
    /// `InternalIP`, `ExternalIP`, `Hostname` and so on.
    package var type: String = ""
    package var address: String = ""

    package init() {}
}

/// A Namespace (`v1`); only its name is of interest.
package struct Namespace: Sendable, Hashable {
    package var meta: ObjectMeta
    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A ServiceCIDR (`networking.k8s.io/v1`): ranges from which ClusterIPs are allocated.
package struct ServiceCIDR: Sendable, Hashable {
    package var meta: ObjectMeta
    package var cidrs: [String] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}
