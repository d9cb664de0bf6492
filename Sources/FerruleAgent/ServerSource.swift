// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import Dispatch
    package import FerruleAPIServer
    internal import FerruleCluster
    internal import FerruleDiagnostics
    internal import FerruleKubernetes
    internal import FerruleText
    package import Logging
    internal import Synchronization

    /// Follows an API server: what it tells becomes mail of the agent, and what goes wrong is said.
    package struct ServerSource: Sendable {
        private let client: APIClient
        private let node: String
        private let source: ClusterSource
        private let state: AgentState
        private let log: Logger
        /// Where objects are judged, so that nothing waits for that.
        private let judgement = DispatchQueue(label: "ferrule.judgement")
        private let times: FollowTimes
        /// The range of node ports that the user has said.
        private let nodePortRange: ClosedRange<Int>?

        /// How many objects of one kind a message names.
        private static let namedObjects = 10

        /// - Parameters:
        ///   - node: the name of the node that is served.
        ///   - nodePortRange: the cluster's, where the user has said it.
        package init(
            _ client: APIClient, node: String, nodePortRange: ClosedRange<Int>? = nil,
            times: FollowTimes = FollowTimes(),
            _ state: AgentState, _ log: Logger
        ) {
            source = ClusterSource(client, node: node, times: times)
            (self.times, self.nodePortRange) = (times, nodePortRange)
            (self.client, self.node, self.state, self.log) = (client, node, state, log)
        }

        /// Follows until it is cancelled, and closes the connections then.
        package func follow(_ mailbox: Mailbox) async {
            // Nothing waits for it, and nothing depends on it.
            let report = Task {
                do throws(RequestError) {
                    try await client.reportStart(on: node)
                } catch {
                    log.debug("the event that tells of the start was not taken: \(error)")
                }
            }
            let progress = Progress(client.serverName, needsAddresses: times.missingNode > .zero)
            await source.run { event in
                if case .changes(let batch) = event {
                    let changes = progress.take(batch.changes)
                    mailbox.put(changes, triggers: batch.triggers.map(\.time))
                    judgement.async { judge(changes, progress) }
                }
                say(event, progress)
                let step = progress.step(with: event)
                state.update { $0.isNodeUnknown = progress.isNodeUnknown }
                take(step, progress, mailbox)
            }
            report.cancel()
            await report.value
            await client.shutdown()
        }

        /// Does what follows from an event. Nobody waits for what waits here where following ends.
        private func take(_ step: Progress.Step, _ progress: Progress, _ mailbox: Mailbox) {
            switch step {
            case .nothing: break
            case .complete: mailbox.complete()
            case .waitForNode:
                Task {
                    try? await Task.sleep(for: times.missingNode)
                    guard progress.completesWithoutNode() else { return }
                    // Addresses that are missing are told by whoever resolves.
                    if progress.isNodeUnknown { warnOfNode() }
                    mailbox.complete()
                }
            case .waitForRanges:
                Task {
                    try? await Task.sleep(for: times.missingRanges)
                    guard let next = progress.goOnWithoutRanges() else { return }
                    log.warning(
                        """
                        the API server does not tell its ServiceCIDRs: until it does, packets to addresses of theirs that no \
                        service has are left alone
                        """)
                    take(next, progress, mailbox)
                }
            }
        }

        private func warnOfNode() {
            log.warning(
                """
                the API server has no Node "\(node)": its addresses, zone and pod ranges are not known; pass \
                --node-name with the name of a Node
                """)
        }

        /// What has been seen, and what has been said of it.
        private final class Progress: Sendable {
            /// What is to be done after an event.
            enum Step {
                case nothing
                /// All has been seen once, the node at last.
                case complete
                /// All has been seen once but for the node, of which there is no object, or none that says its addresses.
                case waitForNode
                /// All has been seen once but for ServiceCIDRs.
                case waitForRanges
            }

            private struct State {
                var sync = SyncState()
                var node = OwnNode()
                /// Whether the agent was told that all has been seen, with the node or without it.
                var isComplete = false
                var lacksNode = false
                var lacksRanges = false

                /// What is to be done where nothing but the node and ServiceCIDRs may be missing.
                mutating func step(needsAddresses: Bool) -> Step {
                    guard sync.isSynced else {
                        defer { lacksRanges = true }
                        return lacksRanges ? .nothing : .waitForRanges
                    }
                    if needsAddresses ? node.hasAddresses : node.isKnown {
                        (isComplete, lacksNode) = (true, false)
                        return .complete
                    }
                    defer { lacksNode = true }
                    return lacksNode ? .nothing : .waitForNode
                }
            }

            /// Whether the node is to be waited for until it says its addresses.
            private let needsAddresses: Bool
            private let state = Mutex(State())
            let words: Mutex<TroubleWords>
            let leftOut = Mutex(Repetition())
            /// Whether it was said that the cluster has another range of node ports than the default one.
            private let hasNotedRange = Mutex(false)

            /// - Parameter server: how it is called.
            init(_ server: String, needsAddresses: Bool) {
                words = Mutex(TroubleWords(server))
                self.needsAddresses = needsAddresses
            }

            /// What is to be said of node ports outside the default range: once, however many services come.
            func noteRange(of services: [Service]) -> [Diagnostic] {
                hasNotedRange.withLock { hasNoted in
                    guard !hasNoted else { return [] }
                    let found = NodePortRange.diagnostics(of: services)
                    hasNoted = !found.isEmpty
                    return found
                }
            }

            /// Whether all has been seen, and there was no object of the node among it.
            var isNodeUnknown: Bool { state.withLock { $0.sync.isEnough && !$0.node.isKnown } }

            func take(_ changes: [ClusterChange]) -> [ClusterChange] {
                state.withLock { state in changes.map { state.node.take($0) } }
            }

            func step(with event: FollowEvent) -> Step {
                state.withLock { state in
                    guard !state.isComplete || state.lacksNode else { return .nothing }
                    state.sync.take(event)
                    return state.sync.isEnough ? state.step(needsAddresses: needsAddresses) : .nothing
                }
            }

            /// What is to be done without ServiceCIDRs; nil where they have come.
            func goOnWithoutRanges() -> Step? {
                state.withLock { state in
                    guard !state.sync.isSynced else { return nil }
                    state.sync.goOnWithoutOptional()
                    return state.step(needsAddresses: needsAddresses)
                }
            }

            /// Whether all has been seen but the node still.
            func completesWithoutNode() -> Bool {
                state.withLock { state in
                    guard !state.isComplete else { return false }
                    state.isComplete = true
                    return true
                }
            }
        }

        private func say(_ event: FollowEvent, _ progress: Progress) {
            switch event {
            case .changes(let batch): log.debug("\(counted(batch.changes.count, "change"))")
            case .synced(let resource): log.debug("all \(resource) are known")
            case .trouble(let resource, let error):
                if let line = progress.words.withLock({ $0.trouble(resource, error, .now) }) {
                    log.warning("\(line)")
                } else {
                    log.debug("\(resource): \(error)")
                }
            case .unknown(let resource, let type):
                warn(["a watch of \(resource) tells of something unknown, \"\(type)\"; it is passed over"], progress)
            case .recovered(let resource): log.info("\(progress.words.withLock { $0.recovered(resource) })")
            case .unreadable(let objects):
                state.update { $0.metrics.unreadableObjects += objects.count }
                warn(objects.map { "\($0); it is left out" }, progress)
            }
        }

        /// Says which of the objects that have come no API server of today would take. What is wrong in them is left out, and
        /// the rest of them served, as of definitions in files that a server has written.
        private func judge(_ changes: [ClusterChange], _ progress: Progress) {
            let objects = ClusterObjects(asIfNew: changes)
            var options = ValidationOptions(nodePortRange: nodePortRange)
            options.coversAllServices = false
            var found: [Diagnostic] = []
            if nodePortRange == nil {
                options.nodePortRange = 1...65535
                found = progress.noteRange(of: objects.services)
            }
            found += ClusterValidator.validate(objects, options: options)
            guard !found.isEmpty else { return }
            let errors = Set(found.lazy.filter { $0.severity == .error }.compactMap(\.object))
            state.update { $0.metrics.invalidObjects += errors.count }
            let printer = DiagnosticPrinter()
            let lines = found.map { diagnostic in
                let line = printer.line(of: diagnostic)
                return diagnostic.severity == .error ? line + "; what of it cannot be served is left out" : line
            }
            warn(lines, progress)
        }

        private func warn(_ lines: [String], _ progress: Progress) {
            let news = progress.leftOut.withLock { leftOut in lines.filter { leftOut.isDue($0) } }
            for line in news.prefix(Self.namedObjects) { log.warning("\(line)") }
            let more = news.count - Self.namedObjects
            if more > 0 { log.warning("and \(more) more") }
        }
    }

    extension ClusterObjects {
        /// What is put by changes, as if nobody had accepted it yet.
        fileprivate init(asIfNew changes: [ClusterChange]) {
            self.init()
            for case .put(let object) in changes {
                switch object {
                case .service(var service):
                    service.meta.isStored = false
                    services.append(service)
                case .endpointSlice(var slice):
                    slice.meta.isStored = false
                    endpointSlices.append(slice)
                case .node(var node):
                    node.meta.isStored = false
                    nodes.append(node)
                case .serviceCIDR(var range):
                    range.meta.isStored = false
                    serviceCIDRs.append(range)
                case .endpoints, .pod, .workload, .namespace: break
                }
            }
        }
    }
#endif
