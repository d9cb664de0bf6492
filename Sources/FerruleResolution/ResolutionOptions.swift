// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes
package import FerruleNetwork

/// What the command line says about the cluster and the node, beyond the objects of the input.
package struct ResolutionOptions: Sendable {
    /// What ``PodTraffic`` is to follow from: `detectLocalMode` of a KubeProxyConfiguration.
    package enum DetectLocalMode: Sendable, Equatable {
        /// By the pod ranges of the whole cluster.
        case clusterCIDR
        /// By the pod ranges of this node alone.
        case nodeCIDR
        case bridgeInterface(String)
        case interfaceNamePrefix(String)
    }

    /// The node that the result is for, as ``Node/name(of:)`` has it; nil: no endpoint is local.
    package var nodeName: String?
    /// Without a node's name: tell what is different on which nodes, where that depends on the node.
    package var isForAllNodes = false
    /// Addresses of the node beside those that its Node object says, which come first.
    package var nodeAddresses: [IPAddress] = []
    /// An address that is the node's before those of its Node object (`bindAddress` of a KubeProxyConfiguration; see
    /// `detectNodeIPs` in `cmd/kube-proxy/app/server.go`).
    package var bindAddress: IPAddress?
    /// The addresses that stand on the host's interfaces, where the ruleset is for this host.
    package var interfaceAddresses: [IPAddress] = []
    /// Pod ranges; empty: the Node objects' `podCIDRs`.
    package var clusterCIDRs: [Prefix] = []
    /// ClusterIP ranges; empty: the ServiceCIDR objects, else ``defaultServiceCIDRs`` for allocation alone.
    package var serviceCIDRs: [Prefix] = []
    /// Where missing node ports are allocated.
    package var nodePortRange = ValidationOptions.defaultNodePortRange
    /// Node ports are served at the node's addresses within these ranges; a family without a range of its own means all of
    /// its addresses. Empty: at the first address of each family that the node is known by.
    package var nodePortAddresses: [Prefix] = []
    package var detectLocalMode = DetectLocalMode.clusterCIDR
    /// Give declared replicas placeholder addresses.
    package var assumePods = false
    /// Whether it is an error if the input lacks what a node has to know: all services, their endpoints, or its Node object
    /// among those of others. Where it is none, it is a warning.
    package var refusesGaps = false

    package init() {}

    /// 10.96.0.0/12, the default of kubeadm, and fd00:10:96::/112.
    static let defaultServiceCIDRs = [
        Prefix(IPAddress(ipv4: 0x0a60_0000), length: 12),
        Prefix(IPAddress(ipv6High: 0xfd00_0010_0096_0000, low: 0), length: 112),
    ].compactMap { $0 }

    /// Where placeholder pods live when no cluster CIDR is known: 10.244.0.0/16 and fd00:10:244::/48.
    static let defaultClusterCIDRs = [
        Prefix(IPAddress(ipv4: 0x0af4_0000), length: 16),
        Prefix(IPAddress(ipv6High: 0xfd00_0010_0244_0000, low: 0), length: 48),
    ].compactMap { $0 }
}
