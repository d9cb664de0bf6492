// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FerruleCluster
package import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleMemory
package import FerruleNetlink
package import FerruleNetwork
internal import FerruleNode
internal import FerrulePlanner
package import FerruleResolution
internal import FerruleRuleset
internal import FerruleText
internal import FoundationEssentials
package import Logging

/// Keeps the kernel of a node at what a cluster says.
package struct Agent {
    package struct Settings: Sendable {
        package var resolution: ResolutionOptions
        package var compiler: CompilerOptions
        /// Ferrule's, for the record in the kernel.
        package var version: String
        /// ClusterIPs and node ports that services without their own keep.
        package var remembered = AllocationLock()
        /// Whether kube-proxy's tables are removed in the transaction in which Ferrule's first stand.
        package var takesOverFromKubeProxy = false
        /// How long nothing may be compared with the kernel.
        package var comparison = Duration.seconds(600)

        package init(_ resolution: ResolutionOptions, _ compiler: CompilerOptions, version: String) {
            (self.resolution, self.compiler, self.version) = (resolution, compiler, version)
        }
    }

    private let mailbox: Mailbox
    private let state: AgentState
    /// Is told of the health checks that there are, where they have become others.
    private let onHealthChecks: ([NodeKeeper.HealthCheck], [IPAddress]) -> Void
    private let onReady: () -> Void
    private let onReread: (Bool) -> Settings?
    private let log: Logger
    private let clock = ContinuousClock()
    private let kernel: Kernel
    private var keeper: NodeKeeper
    private let watch: KernelWatch
    /// Whether others have committed while they were not heard: then they are heard also while it is compared.
    private var mustListen = false
    /// Whether others have changed the tables since these were last compared.
    private var isDisturbed = false
    /// What is said of a change once it stands: of many services some, and how many there are.
    private var news: [String] = []
    private var newsCount = 0
    private var schedule: Schedule
    private var refusals = Repetition()
    /// When changes that wait were made, by the clocks of those that made them.
    private var triggers: [Date] = []
    /// Whether the kernel has held all of the cluster once.
    private var isReady = false
    /// Whether kube-proxy's tables stood when the kernel was last compared.
    private var isBesideKubeProxy = false
    private var warnings = Repetition()

    /// An agent that follows a mailbox; commits of others are heard from here on.
    ///
    /// Throws ``NetlinkError`` where the kernel cannot be used.
    ///
    /// - Parameters:
    ///   - state: is kept at how it does.
    ///   - onHealthChecks: is told of the health check ports of services, and of the addresses at which they are asked, when they
    ///     have become others.
    ///   - onReady: is called once, when the first transaction stands.
    ///   - onReread: reads the configuration again; nil where nothing is different by it. It is told whether somebody asked
    ///     for it.
    package init(
        _ settings: Settings, _ mailbox: Mailbox, _ state: AgentState, _ log: Logger,
        onHealthChecks: @escaping ([NodeKeeper.HealthCheck], [IPAddress]) -> Void = { _, _ in },
        onReady: @escaping () -> Void = {},
        onReread: @escaping (Bool) -> Settings? = { _ in nil }
    ) throws(NetlinkError) {
        (self.mailbox, self.log) = (mailbox, log)
        (self.state, self.onHealthChecks) = (state, onHealthChecks)
        (self.onReady, self.onReread) = (onReady, onReread)
        // All that is committed goes over one socket, by which it is known among all commits.
        let socket = try NetlinkSocket(.transactions)
        kernel = Kernel { purpose throws(NetlinkError) in
            if case .transactions = purpose { return socket }
            return try NetlinkSocket(purpose)
        }
        keeper = NodeKeeper(
            kernel, settings.resolution, settings.compiler, version: settings.version,
            remembered: settings.remembered, takesOver: settings.takesOverFromKubeProxy)
        schedule = Schedule(interval: settings.comparison, clock.now)
        watch = try KernelWatch(IPFamily.allCases.map(TableName.ferrule), ownPort: socket.portID, mailbox, log)
        mailbox.open()
    }

    /// Works until the mailbox says that it is over. What stands in the kernel stays.
    package mutating func run() {
        while true {
            let mail = mailbox.take(until: deadline)
            if mail.isOver {
                SystemdNotifier.notify("STOPPING=1")
                return
            }
            if SystemdNotifier.watchdogInterval != nil { SystemdNotifier.notify("WATCHDOG=1") }
            let start = clock.now
            note(mail, start)
            if let isAsked = mail.rereads {
                if let settings = onReread(isAsked) {
                    take(keeper.change(to: settings.resolution, settings.compiler))
                }
                take(keeper.readAddresses())
            }
            take(keeper.take(mail.changes))
            if mail.isComplete, !keeper.isComplete { warn(keeper.complete()) }
            if !mail.intruders.isEmpty { heed(mail.intruders) }
            if keeper.isComplete { settle(since: start) }
        }
    }

    private mutating func take(_ news: NodeKeeper.News) {
        newsCount += news.lines.count
        self.news += news.lines.prefix(Self.namedServices - self.news.count)
        warn(news.diagnostics)
    }

    private var deadline: DispatchTime {
        let next = schedule.next(isComplete: keeper.isComplete, isInDoubt: keeper.isInDoubt)
        let longest = SystemdNotifier.watchdogInterval ?? .seconds(3600)
        let time = min(next.map { $0 - clock.now } ?? longest, longest)
        let (seconds, attoseconds) = max(.zero, time).components
        return .now() + .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }

    private mutating func heed(_ intruders: [String]) {
        keeper.doubt()
        isDisturbed = true
        let isNewFight = schedule.disturb(clock.now)
        let names = Set(intruders.filter { !$0.isEmpty }).sorted().joined(separator: ", ")
        let who = names.isEmpty ? "somebody" : names
        if isNewFight {
            log.warning("\(who) keeps changing Ferrule's tables: they are put right once a second at most")
        } else {
            log.debug("\(who) has changed Ferrule's tables")
        }
    }

    private mutating func settle(since start: ContinuousClock.Instant) {
        if schedule.isComparisonDue(clock.now) {
            take(keeper.readAddresses())
            keeper.doubt()
        }
        if keeper.isInDoubt, schedule.isPatient(clock.now) { return }
        do throws(NetlinkError) {
            let isUnheard = keeper.isInDoubt && !mustListen
            mustListen = false
            let outcome = try isUnheard ? settleUnheard() : keeper.settle()
            schedule.succeed(isCompared: outcome.isCompared, clock.now)
            let isRepair = isRepair(outcome)
            if outcome.isCompared { isDisturbed = false }
            say(outcome, isRepair: isRepair, clock.now - start)
            publish(outcome, isRepair: isRepair, clock.now - start)
            (news, newsCount) = ([], 0)
            refusals.end()
            if !isReady {
                isReady = true
                onReady()
                SystemdNotifier.notify("READY=1")
                // What lists and the first transaction took in small blocks is needed no more; large ones have gone already.
                ProcessMemory.returnAll()
            }
        } catch {
            // Also where only what came after the commit went wrong: others may have committed unheard.
            keeper.doubt()
            state.update { facts in
                facts.metrics.failures += 1
                // What others have changed waits for the kernel as well as what the cluster has.
                if facts.waitingSince == nil { facts.waitingSince = start }
            }
            let delay = schedule.fail(clock.now)
            let level: Logger.Level = refusals.isDue(error.wording, clock.now) ? .error : .debug
            log.log(level: level, "\(error.wording); it is tried again in \(delay.inMilliseconds) ms")
            for step in error.steps.prefix(5) { log.log(level: level, "\(step)") }
        }
    }

    /// Whether the kernel was brought back from what others had made of it, be it together with a change of the cluster.
    private func isRepair(_ outcome: NodeKeeper.Outcome) -> Bool {
        isReady && outcome.isCompared && !outcome.work.isEmpty && (news.isEmpty || isDisturbed)
    }

    /// Compares the kernel with the cluster, and brings it there, without events. That others have committed meanwhile, to
    /// whatever table, is told by the number of the ruleset.
    private mutating func settleUnheard() throws(NetlinkError) -> NodeKeeper.Outcome {
        let outcome = try watch.unheard { () throws(NetlinkError) in try keeper.settle() }
        if try kernel.generation() != outcome.generation {
            keeper.doubt()
            mustListen = true
        }
        return outcome
    }

    // MARK: What others may know

    private mutating func note(_ mail: Mailbox.Mail, _ now: ContinuousClock.Instant) {
        guard !mail.changes.isEmpty else { return }
        triggers += mail.triggers.prefix(Mailbox.triggerLimit - triggers.count)
        let services = mail.changes.count { if case .service = $0.kind { true } else { false } }
        let endpoints = mail.changes.count { if case .endpointSlice = $0.kind { true } else { false } }
        // Until the cluster is known in full, changes wait for the rest of it.
        let isComplete = keeper.isComplete || mail.isComplete
        state.update { facts in
            if isComplete, facts.waitingSince == nil { facts.waitingSince = now }
            facts.metrics.serviceChanges += services
            facts.metrics.pendingServiceChanges += services
            facts.metrics.endpointChanges += endpoints
            facts.metrics.pendingEndpointChanges += endpoints
        }
    }

    private mutating func publish(_ outcome: NodeKeeper.Outcome, isRepair: Bool, _ time: Duration) {
        let (checks, isLeaving, summary) = (keeper.healthChecks, keeper.isNodeLeaving, keeper.summary)
        let (addresses, gaps) = (keeper.healthCheckAddresses, keeper.localGaps)
        let (now, triggers) = (Date(), triggers)
        self.triggers = []
        var areOthers = false
        state.update { facts in
            areOthers = facts.healthChecks != checks || facts.healthCheckAddresses != addresses
            (facts.healthChecks, facts.healthCheckAddresses, facts.isNodeLeaving) = (checks, addresses, isLeaving)
            (facts.lastUpdated, facts.waitingSince) = (now, nil)
            (facts.metrics.services, facts.metrics.endpoints) = (summary.services, summary.endpoints)
            (facts.metrics.pendingServiceChanges, facts.metrics.pendingEndpointChanges) = (0, 0)
            facts.metrics.localGaps = gaps
            facts.metrics.removedFlows += outcome.removedFlows
            if isRepair { facts.metrics.repairs += 1 }
            // Also where nothing had to be sent: who watches its age would take a quiet cluster for an agent that hangs.
            facts.metrics.lastSync = now
            guard !outcome.work.isEmpty else { return }
            facts.metrics.syncSeconds.add(time / .seconds(1))
            facts.metrics.elements += outcome.work.elementsAdded + outcome.work.elementsRemoved
            for trigger in triggers { facts.metrics.programmingSeconds.add(now.timeIntervalSince(trigger)) }
        }
        if areOthers { onHealthChecks(Array(checks.values), addresses) }
    }

    // MARK: Words

    /// How many services a line names.
    private static let namedServices = 5

    private mutating func say(_ outcome: NodeKeeper.Outcome, isRepair: Bool, _ time: Duration) {
        sayOfKubeProxy(outcome)
        for drift in outcome.drift { log.warning("removed \(drift), which somebody else put there") }
        for problem in outcome.problems { log.warning("\(problem)") }
        if outcome.sweptCount > 0 {
            log.info("\(counted(outcome.sweptCount, "object")) that no service needs any more removed")
        }
        if outcome.removedFlows > 0 { log.info("\(counted(outcome.removedFlows, "tracked connection")) removed") }
        guard !outcome.work.isEmpty else {
            if !isReady {
                log.info("\(whole); the kernel holds them already, \(time.inMilliseconds) ms")
            } else if outcome.isCompared {
                log.debug("the kernel holds what it should")
            }
            return
        }
        var parts = news
        if isRepair {
            parts.insert("put right what others had changed in Ferrule's tables", at: 0)
        } else if news.isEmpty {
            parts = [whole]
        }
        let more = newsCount - news.count
        let what = parts.joined(separator: "; ") + (more > 0 ? " and \(more) more services" : "")
        log.info("\(what); \(outcome.work.words), \(time.inMilliseconds) ms")
    }

    /// Says that kube-proxy's tables have gone, or once that they stand.
    private mutating func sayOfKubeProxy(_ outcome: NodeKeeper.Outcome) {
        guard outcome.isCompared else { return }
        let names = outcome.kubeProxyTables.map(\.description).joined(separator: " and ")
        if outcome.isTakenOver, !names.isEmpty {
            log.info("taken over from kube-proxy: its tables \(names) were removed in the same transaction")
        } else if !names.isEmpty, !isBesideKubeProxy {
            log.warning(
                """
                kube-proxy's tables \(names) stand too: both translate; stop kube-proxy, then start Ferrule with \
                --take-over kube-proxy
                """)
        }
        isBesideKubeProxy = !names.isEmpty && !outcome.isTakenOver
    }

    /// What is served.
    private var whole: String {
        let summary = keeper.summary
        return "\(counted(summary.services, "service")) with \(counted(summary.endpoints, "endpoint"))"
    }

    private mutating func warn(_ diagnostics: [Diagnostic]) {
        for line in diagnostics.map(DiagnosticPrinter().line) where warnings.isDue(line, clock.now) {
            log.warning("\(line)")
        }
    }
}

extension Duration {
    /// `0.9`, `120.0`
    fileprivate var inMilliseconds: String {
        let tenths = Int((self / .microseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
