// SPDX-License-Identifier: Apache-2.0

/// An endpoint of a service port as some source tells it, before it is decided whether it gets traffic.
package struct EndpointCandidate: Sendable, Equatable {
    package var target: Target
    package var isReady: Bool
    package var isServing: Bool
    package var isTerminating: Bool
    package var nodeName: String?
    /// The zones and nodes that the endpoint is meant for (`hints.forZones`, `hints.forNodes`).
    package var zoneHints: [String] = []
    package var nodeHints: [String] = []

    package init(
        _ target: Target, isReady: Bool = true, isServing: Bool = true, isTerminating: Bool = false,
        nodeName: String? = nil
    ) {
        self.target = target
        self.isReady = isReady
        self.isServing = isServing
        self.isTerminating = isTerminating
        self.nodeName = nodeName
    }
}

extension EndpointLists {
    /// Decides as kube-proxy (`CategorizeEndpoints`).
    ///
    /// Under the policy Cluster the ready endpoints count, of these the ones that hints mean for this node; where none is
    /// ready anywhere, all that are terminating but still serving. Under the policy Local the same of this node alone, without
    /// regard to hints. The two fall back independently. Local is decided by the node's name alone.
    package init(_ candidates: [EndpointCandidate], nodeName: String? = nil, zone: String? = nil) {
        let candidates = candidates.deduplicated()
        // Most often all are ready: then nothing needs to be copied.
        let ready = candidates.allSatisfy(\.isReady) ? candidates : candidates.filter(\.isReady)
        let leaving = candidates.filter { $0.isServing && $0.isTerminating && !$0.isReady }
        let clusterCandidates = ready.isEmpty ? leaving : Topology(ready, nodeName: nodeName, zone: zone).filter(ready)
        cluster = clusterCandidates.map(\.target).sorted()
        existAnywhere = !(ready.isEmpty && leaving.isEmpty)
        guard let nodeName else { return }
        let isLocal = { (candidate: EndpointCandidate) in candidate.nodeName == nodeName }
        let localReady = ready.filter(isLocal)
        let localCandidates = localReady.isEmpty ? leaving.filter(isLocal) : localReady
        local = localCandidates.map(\.target).sorted()
        localAddresses = (localCandidates + clusterCandidates.filter(isLocal)).map(\.target.address).sortedUnique()
    }
}

extension [EndpointCandidate] {
    /// Whether two have the same address and port. Sorting small lists costs less than hashing their members.
    private var hasCopies: Bool {
        let targets = map(\.target)
        guard zip(targets, targets.dropFirst()).contains(where: { $0 >= $1 }) else { return false }
        let sorted = targets.sorted()
        return zip(sorted, sorted.dropFirst()).contains { $0 == $1 }
    }

    /// One candidate an address and port: of several copies the one that gets traffic first, whatever their order.
    fileprivate func deduplicated() -> [EndpointCandidate] {
        guard hasCopies else { return self }
        var positions: [Target: Int] = [:]
        positions.reserveCapacity(count)
        var kept: [EndpointCandidate] = []
        kept.reserveCapacity(count)
        for candidate in self {
            if let position = positions[candidate.target] {
                if candidate.precedes(kept[position]) { kept[position] = candidate }
            } else {
                positions[candidate.target] = kept.count
                kept.append(candidate)
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

extension Sequence where Element: Comparable & Hashable {
    /// Ascending, each element once.
    package func sortedUnique() -> [Element] {
        var sorted = self.sorted()
        var kept = 0
        for element in sorted where kept == 0 || sorted[kept - 1] != element {
            sorted[kept] = element
            kept += 1
        }
        sorted.removeLast(sorted.count - kept)
        return sorted
    }
}
