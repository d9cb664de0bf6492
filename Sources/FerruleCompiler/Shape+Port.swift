// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension Shape {
    /// What becomes of traffic to the ClusterIP of a service port.
    static func clusterIP(of port: ResolvedPort) -> Shape {
        let endpoints = port.endpoints
        guard endpoints.existAnywhere else { return .refuse }
        let list = port.internalPolicy == .local ? endpoints.local : endpoints.cluster
        return .list(
            port.internalPolicy, isNodePort: false, sticky: port.affinitySeconds != nil, count: list.count)
    }

    /// What becomes of traffic to an external IP or balancer IP of a service port.
    static func external(of port: ResolvedPort, at address: IPAddress, _ nodePorts: NodePortAddresses) -> Shape {
        let shape = external(of: port, isNodePort: false)
        return shape == .refuse && nodePorts.mayHold(address) ? .refuseUnlessNodePort : shape
    }

    /// What becomes of traffic to a node port, external IP or balancer IP of a service port.
    static func external(of port: ResolvedPort, isNodePort: Bool) -> Shape {
        let endpoints = port.endpoints
        let sticky = port.affinitySeconds != nil
        guard endpoints.existAnywhere else { return .refuse }
        switch port.externalPolicy {
        case .cluster: return .external(isNodePort: isNodePort, sticky: sticky, endpoints.cluster.count)
        case .local:
            return .externalLocal(
                isNodePort: isNodePort, sticky: sticky, cluster: endpoints.cluster.count, local: endpoints.local.count)
        }
    }

    /// One of the endpoints of a list, dropped if there is none.
    static func list(_ list: TrafficPolicy, isNodePort: Bool, sticky: Bool, count: Int) -> Shape {
        let scope = SlotScope(isNodePort: isNodePort, list: list)
        return count == 0 ? .drop : sticky ? .sticky(scope, count) : .balance(scope, count)
    }
}
