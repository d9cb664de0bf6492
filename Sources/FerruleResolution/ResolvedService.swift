// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster

/// A service as one node sees it.
package struct ResolvedService: Sendable, Equatable {
    package let key: ObjectKey
    package let kind: ClusterService.Kind
    /// One entry a port and family, in the order of family and of the service's ports; none unless the service is virtual.
    package var ports: [ResolvedPort] = []

    package init(_ key: ObjectKey, _ kind: ClusterService.Kind, ports: [ResolvedPort] = []) {
        (self.key, self.kind, self.ports) = (key, kind, ports)
    }
}
