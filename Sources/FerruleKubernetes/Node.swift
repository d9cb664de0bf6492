// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// A Node (`v1`), as far as it decides on addresses and ranges.
package struct Node: Sendable, Hashable {
    /// The label that names a node's zone.
    package static let zoneLabel = "topology.kubernetes.io/zone"
    /// The taint by which the cluster autoscaler says that it is about to remove a node
    /// (`ToBeDeletedTaint` in `pkg/proxy/healthcheck/proxy_health.go`).
    package static let toBeDeletedTaint = "ToBeDeletedByClusterAutoscaler"

    package var meta: ObjectMeta
    /// `spec.podCIDRs`, else `spec.podCIDR`.
    package var podCIDRs: [String] = []
    /// `status.addresses`, in order.
    package var addresses: [NodeAddress] = []

    /// The keys of `spec.taints`.
    package var taints: [String] = []

    package init(meta: ObjectMeta) { self.meta = meta }

    /// Whether the node is going away, so that balancers should send it nothing more.
    package var isLeaving: Bool { meta.isBeingDeleted || taints.contains(Self.toBeDeletedTaint) }

    /// The name that the node of a host bears, by the host's name or what overrides it: without blanks around it and in
    /// lower case, as kubelet and kube-proxy make it (`GetHostname` in
    /// `k8s.io/component-helpers/node/util/hostname.go`); nil if nothing is left.
    package static func name(of host: String) -> String? {
        let isBlank = { (character: Character) in character.isWhitespace }
        let name = host.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return name.isEmpty ? nil : String(name).lowercased()
    }

    /// The addresses that the node is known by, in order of preference: its InternalIPs, then its ExternalIPs
    /// (`GetNodeHostIPs` in `pkg/util/node/node.go`).
    package var hostAddresses: [IPAddress] {
        ["InternalIP", "ExternalIP"].flatMap { type in
            addresses.lazy.filter { $0.type == type }.compactMap { IPAddress($0.address) }
        }
    }
}

package struct NodeAddress: Sendable, Hashable {
    /// `InternalIP`, `ExternalIP`, `Hostname`, `InternalDNS` or `ExternalDNS`.
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
