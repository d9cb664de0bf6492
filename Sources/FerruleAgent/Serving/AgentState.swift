// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FoundationEssentials
internal import Synchronization

/// What an agent lets others know of itself: written by its own thread, read by servers.
package final class AgentState: Sendable {
    struct Facts: Sendable {
        /// When the kernel last held all that was known; nil before the first time.
        var lastUpdated: Date?
        /// Since when a change, or a repair, waits for the kernel; nil where none does.
        var waitingSince: ContinuousClock.Instant?
        var isNodeLeaving = false
        /// Whether an API server has no object of the node.
        var isNodeUnknown = false
        /// Whether balancers may send the node anything.
        var isNodeEligible: Bool { !isNodeLeaving && !isNodeUnknown }
        var healthChecks: [ObjectKey: NodeKeeper.HealthCheck] = [:]
        /// Where they are asked; an unspecified address is all of its family.
        var healthCheckAddresses: [IPAddress] = []
        var metrics = Metrics()

        /// Whether changes reach the kernel: none has waited for twice the time in which kube-proxy repeats itself. Before the
        /// cluster is known there is nothing that could reach it.
        func isAlive(_ now: ContinuousClock.Instant) -> Bool {
            waitingSince.map { now - $0 < .seconds(60) } ?? true
        }

        /// Whether the kernel holds the cluster, and changes of it reach the kernel.
        func isHealthy(_ now: ContinuousClock.Instant) -> Bool { lastUpdated != nil && isAlive(now) }
    }

    private let facts = Mutex(Facts())

    package init() {}

    var current: Facts { facts.withLock { $0 } }

    func update(_ change: (inout Facts) -> Void) { facts.withLock { change(&$0) } }
}
