// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
package import FerruleResolution

/// Where a pod runs.
package struct PodHome: Sendable, CustomStringConvertible {
    let pod: ObjectKey
    package let node: String

    /// `shop/web-1 runs on node-a, whose rules its packets meet first`
    package var description: String { "\(pod) runs on \(node), whose rules its packets meet first" }
}

extension TrafficSource {
    /// nil for a source that is no pod, and where the definitions do not say the pod's node.
    package func home(_ definitions: ClusterResolver) -> PodHome? {
        guard case .pod(let key) = self, let node = definitions.pods[key]?.home else { return nil }
        return PodHome(pod: key, node: node)
    }
}
