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
        if !configuration.nodePortAddresses.isEmpty, configuration.nodePortAddresses != ["primary"] {
            nodePortAddresses = .within(configuration.nodePortAddresses.compactMap { Prefix($0) })
        }
        switch (configuration.detectLocalMode, configuration.bridgeInterface, configuration.interfaceNamePrefix) {
        case ("NodeCIDR", _, _): localTraffic = .nodeCIDR
        case ("BridgeInterface", let name?, _): localTraffic = .bridgeInterface(name)
        case ("InterfaceNamePrefix", _, let prefix?): localTraffic = .interfaceNamePrefix(prefix)
        default: break
        }
    }
}
