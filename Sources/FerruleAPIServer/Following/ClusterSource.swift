// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

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
    /// - Parameter deliver: is called with one event after the other. While it is at work, the changes that come are gathered
    ///   into one batch, so that a consumer that falls behind gets fewer and larger ones.
    package func run(deliver: @Sendable (FollowEvent) async -> Void) async {
        let mailbox = Mailbox()
        await withTaskGroup(of: Void.self) { group in
            for resource in Resource.allCases {
                let reflector = Reflector(client: client, resource: resource, node: node, times: times) {
                    mailbox.post($0)
                }
                group.addTask { await reflector.run() }
            }
            for await _ in mailbox.arrivals {
                for event in mailbox.take() { await deliver(event) }
                if Task.isCancelled { break }
            }
            group.cancelAll()
        }
    }
}

/// Which resources of a cluster have been seen in full.
package struct SyncState: Sendable, Hashable {
    private var missing = Set(Resource.allCases)

    package init() {}

    /// Whether all have been, so that what is known is a state of the cluster.
    package var isSynced: Bool { missing.isEmpty }

    /// Takes an event that says so, or that a resource can be done without: ServiceCIDRs may not be there, or not allowed.
    package mutating func note(_ event: FollowEvent) {
        switch event {
        case .synced(let resource): missing.remove(resource)
        case .trouble(let resource, .refused) where resource.isOptional: missing.remove(resource)
        default: break
        }
    }
}

/// Events on their way to one consumer.
private final class Mailbox: Sendable {
    private let events = Mutex(Pending())
    /// Says that something has been posted since the last time that all was taken.
    let arrivals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    fileprivate struct Pending {
        var events: [FollowEvent] = []
        /// From this number of changes on, those without effect are looked for.
        var limit = Self.smallestLimit
        static let smallestLimit = 4096
    }

    init() { (arrivals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func post(_ event: FollowEvent) {
        events.withLock { $0.append(event) }
        signal.yield()
    }

    func take() -> [FollowEvent] {
        events.withLock { pending in
            defer { pending = Pending() }
            return pending.events
        }
    }
}

extension Mailbox.Pending {
    /// Adds an event; changes join those that wait already, if nothing else came between.
    mutating func append(_ event: FollowEvent) {
        guard case .changes(let next) = event, case .changes(var batch) = events.last else {
            events.append(event)
            return
        }
        events.removeLast()
        batch.append(next)
        if batch.changes.count > limit {
            batch.compact()
            limit = max(Self.smallestLimit, 2 * batch.changes.count)
        }
        events.append(.changes(batch))
    }
}
