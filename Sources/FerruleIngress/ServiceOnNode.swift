// SPDX-License-Identifier: Apache-2.0

package import FerruleResolution

/// A service: as it is on every node, and as the node sees it that requests are routed on.
package struct ServiceOnNode: Sendable {
    package let service: ClusterService
    package let resolved: ResolvedService

    package init(_ service: ClusterService, _ resolved: ResolvedService) {
        (self.service, self.resolved) = (service, resolved)
    }
}
