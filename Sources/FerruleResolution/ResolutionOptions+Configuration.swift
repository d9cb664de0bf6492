// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes
internal import FerruleNetwork

extension ResolutionOptions {
    /// The options that a KubeProxyConfiguration sets; what it leaves out, or gets wrong, has its default.
    package init(_ configuration: KubeProxyConfiguration?) {
        self.init()
        guard let configuration else { return }
        nodeName = configuration.hostnameOverride.flatMap(Node.name(of:))
        bindAddress = configuration.bindAddress.flatMap { IPAddress($0) }.flatMap { $0.isUnspecified ? nil : $0 }
        clusterCIDRs = (configuration.clusterCIDR ?? "").split(separator: ",").compactMap { Prefix($0) }
        // The word `primary` is no range, and means what none means.
        nodePortAddresses = configuration.nodePortAddresses.compactMap { Prefix($0) }
        switch (configuration.detectLocalMode, configuration.bridgeInterface, configuration.interfaceNamePrefix) {
        case ("NodeCIDR", _, _): detectLocalMode = .nodeCIDR
        case ("BridgeInterface", let name?, _): detectLocalMode = .bridgeInterface(name)
        case ("InterfaceNamePrefix", _, let prefix?): detectLocalMode = .interfaceNamePrefix(prefix)
        default: break
        }
    }
}
