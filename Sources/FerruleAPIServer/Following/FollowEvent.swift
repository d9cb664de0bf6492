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
    /// A watch of a resource tells of something by a word that is not known; it is passed over.
    case unknown(Resource, String)
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
}
