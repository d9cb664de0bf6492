// SPDX-License-Identifier: Apache-2.0

/// A ResourceQuota (`v1`): how much of what a namespace may hold.
package struct ResourceQuota: Sendable, Hashable {
    package var meta: ObjectMeta
    /// `spec.hard`: limits by the name of what is limited, such as `pods` or `count/deployments.apps`.
    package var hard: [String: Quantity] = [:]
    /// `spec.scopes` and the expressions of `spec.scopeSelector`: it is about the pods that all of them fit; about everything
    /// where there are none.
    package var scopes: [Scope] = []

    /// One of `spec.scopes`, or a `ScopedResourceSelectorRequirement`.
    package struct Scope: Sendable, Hashable {
        /// `BestEffort`, `PriorityClass` and so on.
        package var name: String
        /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
        package var `operator` = "Exists"
        package var values: [String] = []

        package init(name: String) { self.name = name }
    }

    package init(meta: ObjectMeta) { self.meta = meta }
}
