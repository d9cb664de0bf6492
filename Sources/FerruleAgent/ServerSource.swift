// SPDX-License-Identifier: Apache-2.0

#if APIServer
    package import FerruleAPIServer
    internal import FerruleText
    package import Logging
    internal import Synchronization

    /// Follows an API server: what it tells becomes mail of the agent, and what goes wrong is said.
    package struct ServerSource: Sendable {
        private let source: ClusterSource
        private let state: AgentState
        private let log: Logger

        /// - Parameter node: the name of the node that is served.
        package init(
            _ client: APIClient, node: String, times: FollowTimes = FollowTimes(), _ state: AgentState, _ log: Logger
        ) {
            source = ClusterSource(client, node: node, times: times)
            (self.state, self.log) = (state, log)
        }

        /// Follows until it is cancelled.
        package func follow(_ mailbox: Mailbox) async {
            let synced = Mutex(SyncState())
            let words = Mutex(TroubleWords())
            await source.run { event in
                words.withLock { say(event, &$0) }
                if case .changes(let batch) = event { mailbox.put(batch.changes, triggers: batch.triggers.map(\.time)) }
                let isSynced = synced.withLock { state in
                    state.note(event)
                    return state.isSynced
                }
                // Said again after each event: the agent heeds it once.
                if isSynced { mailbox.complete() }
            }
        }

        private func say(_ event: FollowEvent, _ words: inout TroubleWords) {
            switch event {
            case .changes(let batch): log.debug("\(counted(batch.changes.count, "change"))")
            case .synced(let resource): log.debug("all \(resource) are known")
            case .trouble(let resource, let error):
                if let line = words.trouble(resource, error, .now) {
                    log.warning("\(line)")
                } else {
                    log.debug("\(resource): \(error)")
                }
            case .recovered(let resource): log.info("\(words.recovered(resource))")
            case .unreadable(let objects):
                state.update { $0.metrics.unreadableObjects += objects.count }
                for object in objects.prefix(10) { log.warning("\(object); it is left out") }
                if objects.count > 10 { log.warning("and \(objects.count - 10) more, which are left out") }
            }
        }
    }
#endif
