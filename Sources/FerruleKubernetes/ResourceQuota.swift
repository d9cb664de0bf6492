// SPDX-License-Identifier: Apache-2.0

/// A ResourceQuota (`v1`): how much of what a namespace may hold.
package struct ResourceQuota: Sendable, Hashable {
    package var meta: ObjectMeta
    /// `spec.hard`: limits by the name of what is limited, such as `pods` or `count/deployments.apps`.
    package var hard: [String: Quantity] = [:]
    /// Whether `spec.scopes` or `spec.scopeSelector` leave some pods to other quotas.
    package var hasScopes = false

    package init(meta: ObjectMeta) { self.meta = meta }
}
