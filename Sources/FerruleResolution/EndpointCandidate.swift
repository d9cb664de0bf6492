// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes
package import FerruleNetwork

/// An endpoint of a service port as some source tells it, before it is decided whether it gets traffic.
package struct EndpointCandidate: Sendable, Equatable {
    package var endpoint: Endpoint
    package var isReady: Bool
    package var isServing: Bool
    package var isTerminating: Bool
    package var nodeName: String?
    /// The zone that its slice says; nil where none does.
    package var zone: String?
    /// The zones and nodes that the endpoint is meant for (`hints.forZones`, `hints.forNodes`).
    package var zoneHints: [String] = []
    package var nodeHints: [String] = []
}

extension EndpointCandidate {
    package init(
        _ endpoint: Endpoint, isReady: Bool = true, isServing: Bool = true, isTerminating: Bool = false,
        nodeName: String? = nil
    ) {
        self.init(
            endpoint: endpoint, isReady: isReady, isServing: isServing, isTerminating: isTerminating,
            nodeName: nodeName)
    }

    /// The node that it is on; nil where none is named, as for a declared pod that is not scheduled yet.
    package var home: String? { AssumedPods.knownNode(nodeName) }
}

extension Pod {
    /// The node that it is on; nil where none is named, as for a declared pod that is not scheduled yet.
    package var home: String? { AssumedPods.knownNode(spec.nodeName) }
}

extension EndpointLists {
    /// Decides as kube-proxy (`CategorizeEndpoints`).
    ///
    /// Under the policy Cluster the ready endpoints count, of these the ones that hints mean for this node; where none is
    /// ready anywhere, all that are terminating but still serving. Under the policy Local the same of this node alone, without
    /// regard to hints. The two fall back independently. Local is decided by the node's name alone.
    package init(_ candidates: [EndpointCandidate], nodeName: String? = nil, zone: String? = nil) {
        let candidates = candidates.sortedByEndpoint()
        let ready = candidates.kept { $0.isReady }
        let leaving =
            ready.count == candidates.count
            ? [] : candidates.kept { $0.isServing && $0.isTerminating && !$0.isReady }
        let clusterCandidates =
            ready.isEmpty ? leaving : TopologyHints(ready, nodeName: nodeName, zone: zone).filter(ready)
        cluster = clusterCandidates.endpoints
        let kept = candidates.kept { $0.isServing || $0.isReady }
        // Most often the same, which then stand in memory once.
        serving = kept.count == cluster.count ? cluster : kept.endpoints
        guard let nodeName else { return }
        let localReady = ready.kept { $0.nodeName == nodeName }
        let localCandidates = localReady.isEmpty ? leaving.kept { $0.nodeName == nodeName } : localReady
        local = localCandidates.endpoints
        localAddresses = (localCandidates + clusterCandidates.kept { $0.nodeName == nodeName })
            .map(\.endpoint.address).sortedUnique()
    }
}

extension [EndpointCandidate] {
    /// Whether a node has endpoints that still serve, but none that is ready.
    func areLeaving(_ nodeName: String) -> Bool {
        let local = sortedByEndpoint().filter { $0.nodeName == nodeName }
        return !local.contains(where: \.isReady) && local.contains { $0.isServing && $0.isTerminating }
    }

    fileprivate var endpoints: [Endpoint] { indices.map { self[$0].endpoint } }

    /// Those of which something is true; without copying any where it is true of all, as it most often is, or of none.
    @inline(__always)
    fileprivate func kept(where isKept: (borrowing EndpointCandidate) -> Bool) -> [EndpointCandidate] {
        let count = indices.count { isKept(self[$0]) }
        return count == self.count ? self : count == 0 ? [] : filter { isKept($0) }
    }

    /// In the order of address and port, each once: of several copies the one that gets traffic first, whatever their order.
    package func sortedByEndpoint() -> [EndpointCandidate] {
        // Most often there is one endpoint, or a controller has sorted them.
        if indices.dropFirst().allSatisfy({ self[$0 - 1].endpoint < self[$0].endpoint }) { return self }
        let order = indices.sorted { self[$0].endpoint < self[$1].endpoint }
        var kept: [EndpointCandidate] = []
        kept.reserveCapacity(count)
        for position in order {
            if let last = kept.indices.last, kept[last].endpoint == self[position].endpoint {
                if self[position].precedes(kept[last]) { kept[last] = self[position] }
            } else {
                kept.append(self[position])
            }
        }
        return kept
    }
}

extension EndpointCandidate {
    /// Whether this copy of an endpoint counts rather than another: a terminating copy never replaces another, a ready one
    /// is preferred; which node it names decides at last.
    fileprivate func precedes(_ other: EndpointCandidate) -> Bool {
        if isTerminating != other.isTerminating { return !isTerminating }
        if isReady != other.isReady { return isReady }
        if isServing != other.isServing { return isServing }
        guard let name = nodeName else { return false }
        return other.nodeName.map { name < $0 } ?? true
    }
}
