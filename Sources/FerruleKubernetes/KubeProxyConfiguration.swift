// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// A KubeProxyConfiguration (`kubeproxy.config.k8s.io/v1alpha1`), as far as it decides on rules; see
/// <https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/>.
package struct KubeProxyConfiguration: Sendable, Hashable {
    /// Where it was read.
    package var origin = Origin(file: "-")
    /// Ranges separated by commas.
    package var clusterCIDR: String?
    package var nodePortAddresses: [String] = []
    package var hostnameOverride: String?
    /// The address that kube-proxy takes for the node's in its family; `0.0.0.0` and `::` mean none.
    package var bindAddress: String?
    /// `ClusterCIDR` (the default), `NodeCIDR`, `BridgeInterface` or `InterfaceNamePrefix`.
    package var detectLocalMode: String?
    /// `detectLocal.bridgeInterface`
    package var bridgeInterface: String?
    /// `detectLocal.interfaceNamePrefix`
    package var interfaceNamePrefix: String?
    /// `nftables.masqueradeAll`
    package var masqueradeAll: Bool?
    /// `nftables.masqueradeBit`
    package var masqueradeBit: Int?

    package init() {}
}
