// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// A KubeProxyConfiguration (`kubeproxy.config.k8s.io/v1alpha1`), as far as Ferrule follows it; see
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

    /// `clientConnection.kubeconfig`: how to reach the API server.
    package var kubeconfig: String?
    /// Address and port, `0.0.0.0:10256` (the default).
    package var healthzBindAddress: String?
    /// Address and port, `127.0.0.1:10249` (the default).
    package var metricsBindAddress: String?
    package var conntrack = Conntrack()

    /// What is set of connection tracking on the node. Times are durations such as `24h0m0s`; zero leaves what the kernel has.
    package struct Conntrack: Sendable, Hashable {
        package var maxPerCore: Int?
        /// At least so many connections are tracked, however few cores there are.
        package var min: Int?
        package var tcpEstablishedTimeout: String?
        package var tcpCloseWaitTimeout: String?
        package var tcpBeLiberal: Bool?
        package var udpTimeout: String?
        package var udpStreamTimeout: String?

        package init() {}
    }

    package init() {}
}
