// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FoundationEssentials

/// What following an API server brings.
package enum FollowEvent: Sendable {
    /// What has happened since the last event.
    case changes(ChangeBatch)
    /// All objects of a resource have been seen, and what came before this is the difference to what was known; again after
    /// each new list.
    case synced(Resource)
    /// A resource cannot be followed at present. What is known of it stands.
    case trouble(Resource, RequestError)
    /// A resource is followed again after trouble.
    case recovered(Resource)
    /// Objects that are left out. What was known of them stands.
    case unreadable([UnreadableObject])
}

/// Changes in their order.
package struct ChangeBatch: Sendable, Hashable {
    /// When an endpoint of a service became another, by the clock of the controller that said so.
    package struct Trigger: Sendable, Hashable {
        package let service: ObjectKey
        package let time: Date
    }

    package var changes: [ClusterChange] = []
    /// Of the EndpointSlices that a watch told of; objects of a list may have changed long ago.
    package var triggers: [Trigger] = []

    package init(_ changes: [ClusterChange] = []) { self.changes = changes }

    package var isEmpty: Bool { changes.isEmpty }

    package mutating func append(_ next: ChangeBatch) {
        changes += next.changes
        triggers += next.triggers
    }

    /// Leaves out each change that a later one makes without effect, so that what waits is never more than all objects.
    package mutating func compact() {
        var last: [Subject: Int] = [:]
        last.reserveCapacity(changes.count)
        for (index, change) in changes.enumerated() { last[Subject(change)] = index }
        guard last.count < changes.count else { return }
        changes = changes.indices.filter { last[Subject(changes[$0])] == $0 }.map { changes[$0] }
    }

    /// What a change is about.
    private struct Subject: Hashable {
        let kind: ClusterObject.Kind
        let key: ObjectKey

        init(_ change: ClusterChange) {
            switch change {
            case .put(let object): (kind, key) = (object.kind, ObjectKey(object.meta))
            case .delete(let kind, let key): (self.kind, self.key) = (kind, key)
            }
        }
    }
}
