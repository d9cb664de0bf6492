// SPDX-License-Identifier: Apache-2.0

/// Follows all that Ferrule needs of a cluster.
package struct ClusterSource: Sendable {
    private let client: APIClient
    private let node: String
    private let times: FollowTimes

    /// - Parameter node: the name of the node whose Node object is followed.
    package init(_ client: APIClient, node: String, times: FollowTimes = FollowTimes()) {
        (self.client, self.node, self.times) = (client, node, times)
    }

    /// Follows until it is cancelled.
    ///
    /// - Parameter deliver: is called with the events of each resource one after the other, and at the same time with those of
    ///   others. It must not take long: what comes meanwhile waits in the connection.
    package func run(deliver: @escaping @Sendable (FollowEvent) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for resource in Resource.allCases {
                let reflector = Reflector(
                    client: client, resource: resource, node: node, times: times, deliver: deliver)
                group.addTask { await reflector.run() }
            }
        }
    }
}

/// Which resources of a cluster have been seen in full.
package struct SyncState: Sendable, Hashable {
    private var missing = Set(Resource.allCases)

    package init() {}

    /// Whether all have been, so that what is known is a state of the cluster.
    package var isSynced: Bool { missing.isEmpty }

    /// Whether all have been that cannot be done without.
    package var isEnough: Bool { missing.allSatisfy(\.isOptional) }

    /// What can be done without is not waited for any longer.
    package mutating func goOnWithoutOptional() { missing = missing.filter { !$0.isOptional } }

    /// Takes an event that says so, or that a resource can be done without: ServiceCIDRs may not be there, or not allowed.
    package mutating func take(_ event: FollowEvent) {
        switch event {
        case .synced(let resource): missing.remove(resource)
        case .trouble(let resource, .refused(let status)) where resource.isOptional && status.code == 403:
            missing.remove(resource)
        default: break
        }
    }
}
