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

    /// How many endpoints serve on this node under the policy Local, each address once.
    package var localEndpointCount: Int {
        ports.reduce(into: Set<IPAddress>()) { $0.formUnion($1.endpoints.local.map(\.address)) }.count
    }
}
