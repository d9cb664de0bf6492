// SPDX-License-Identifier: Apache-2.0

/// Who sends a packet, as far as a ruleset tells senders apart.
package enum Audience: String, Sendable, Hashable, CaseIterable {
    /// Pods of the cluster, where the ruleset knows them.
    case pods
    /// Programs on the node itself.
    case node
    /// Everybody else.
    case outside
}
