// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleNetwork

/// A service as one node sees it.
package struct ResolvedService: Sendable, Equatable {
    package let key: ObjectKey
    /// One entry a port and family, in the order of family and of the service's ports; none unless the service is virtual.
    package var ports: [ResolvedPort] = []
    package let kind: ClusterService.Kind
    /// Where balancers ask for endpoints on this node (`spec.healthCheckNodePort`); nil where they need not.
    package var healthCheckNodePort: Port?

    package init(_ key: ObjectKey, _ kind: ClusterService.Kind, ports: [ResolvedPort] = []) {
        (self.key, self.kind, self.ports) = (key, kind, ports)
    }

    /// How many endpoints on this node are ready, each address once, in each family that the service has: what balancers are
    /// told. Endpoints that are leaving still take the traffic that arrives, but no more is to be sent to them
    /// (`LocalReadyEndpoints` in `pkg/proxy` of Kubernetes, which asks in each family by itself).
    package var localReadyCounts: [IPFamily: Int] {
        ports.reduce(into: [IPFamily: Set<IPAddress>]()) { addresses, port in
            let ready = port.areLocalLeaving ? [] : port.endpoints.local.map(\.address)
            addresses[port.family, default: []].formUnion(ready)
        }.mapValues(\.count)
    }
}
