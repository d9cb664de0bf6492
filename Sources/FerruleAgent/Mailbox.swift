// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import Dispatch
package import Foundation
internal import Synchronization

/// Where all that an agent has to react to arrives, from any thread; the agent's own thread takes it out, everything that has
/// gathered at once.
package final class Mailbox: Sendable {
    package struct Mail: Sendable {
        package var changes: [ClusterChange] = []
        /// When some of them were made, by the clocks of those that made them.
        package var triggers: [Date] = []
        /// Whether everything has been seen once: what is not there by now is not in the cluster.
        package var isComplete = false
        /// Whoever else has changed Ferrule's tables; empty names where that is not known.
        package var intruders: [String] = []
        package var isOver = false

        var isEmpty: Bool { changes.isEmpty && !isComplete && intruders.isEmpty && !isOver }
    }

    private let mail = Mutex(Mail())
    private let arrival = DispatchSemaphore(value: 0)

    package init() {}

    /// Objects of a source have changed.
    ///
    /// - Parameter triggers: when some of them were made.
    package func put(_ changes: [ClusterChange], triggers: [Date] = []) {
        add { mail in
            mail.changes += changes
            mail.triggers += triggers
        }
    }

    /// What a source puts from now on are changes of a cluster that is known in full.
    package func complete() { add { $0.isComplete = true } }

    /// Somebody else has committed to Ferrule's tables, or may have.
    package func report(intruder name: String) { add { $0.intruders.append(name) } }

    /// The agent is to end.
    package func end() { add { $0.isOver = true } }

    private func add(_ change: (inout Mail) -> Void) {
        let wasEmpty = mail.withLock { mail in
            defer { change(&mail) }
            return mail.isEmpty
        }
        // One signal is enough for all that gathers until it is taken.
        if wasEmpty { arrival.signal() }
    }

    /// Waits until there is something, or a time is over; takes all of it out.
    func take(until time: DispatchTime) -> Mail {
        _ = arrival.wait(timeout: time)
        return mail.withLock { mail in
            defer { mail = Mail() }
            return mail
        }
    }
}
