// SPDX-License-Identifier: Apache-2.0

/// What changes of a cluster may have changed: no more than this has to be looked at again.
package struct Concern: Sendable, Hashable {
    /// Services that came, changed or went, and those whose endpoints may be others now.
    package var services: Set<ObjectKey> = []
    /// Whether a Node, or a ServiceCIDR, came, changed or went: what nodes and ranges decide for all services may be different.
    package var surroundings = false
    /// Whether a pod or a declaration of pods came, changed or went.
    package var pods = false

    package init() {}

    package var isEmpty: Bool { services.isEmpty && !surroundings && !pods }
}
