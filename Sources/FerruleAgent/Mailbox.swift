// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
internal import Dispatch
package import FoundationEssentials
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
        /// Whether the configuration is to be read again; nil for not, false for only if its file is another.
        package var rereads: Bool?
        package var isOver = false
        /// From this number of changes on, those without effect are looked for.
        fileprivate var limit = Mailbox.smallestLimit

        var isEmpty: Bool {
            changes.isEmpty && !isComplete && intruders.isEmpty && rereads == nil && !isOver
        }
    }

    private static let smallestLimit = 4096
    /// So many triggers are kept at most: they are for a histogram.
    static let triggerLimit = 4096

    private let mail = Mutex(Mail())
    private let arrival = DispatchSemaphore(value: 0)
    private let hasReader = Atomic(false)

    package init() {}

    /// Objects of a source have changed. What waits is never much more than all objects of a cluster, however long it waits.
    ///
    /// - Parameter triggers: when some of them were made.
    package func put(_ changes: [ClusterChange], triggers: [Date] = []) {
        guard !changes.isEmpty else { return }
        add { mail in
            mail.changes += changes
            if mail.changes.count > mail.limit {
                mail.changes.compact()
                mail.limit = max(Self.smallestLimit, 2 * mail.changes.count)
            }
            mail.triggers += triggers.prefix(Self.triggerLimit - mail.triggers.count)
        }
    }

    /// What a source puts from now on are changes of a cluster that is known in full.
    package func complete() { add { $0.isComplete = true } }

    /// Somebody else has committed to Ferrule's tables, or may have.
    package func report(intruder name: String) { add { $0.intruders.append(name) } }

    /// The configuration is to be read again.
    ///
    /// - Parameter isAsked: by somebody who wants to hear what came of it; else the file may be another.
    package func reread(isAsked: Bool) { add { $0.rereads = isAsked || $0.rereads == true } }

    /// There is an agent from now on, which will take out what there is.
    func open() { hasReader.store(true, ordering: .relaxed) }

    /// Whether there is an agent.
    var isOpen: Bool { hasReader.load(ordering: .relaxed) }

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
