// SPDX-License-Identifier: Apache-2.0

//
// FerruleAgent: `ferrule run`. Changes of objects go through the store, the resolver and the builder into transactions, one by
// one; there is no other compiler than that of a whole cluster, and no waiting.

internal import Dispatch
internal import FerruleCluster
package import FerruleCompiler
internal import FerruleDiagnostics
package import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerrulePlanner
package import FerruleResolution
internal import FerruleRuleset
internal import FerruleText
internal import Foundation
package import Logging

/// Keeps the kernel of a node at what a cluster says.
package struct Agent {
    package struct Settings: Sendable {
        package var resolution: ResolutionOptions
        package var compiler: CompilerOptions
        /// Ferrule's, for the record in the kernel.
        package var version: String
        /// How long nothing may be compared with the kernel.
        package var comparison = Duration.seconds(600)

        package init(_ resolution: ResolutionOptions, _ compiler: CompilerOptions, version: String) {
            (self.resolution, self.compiler, self.version) = (resolution, compiler, version)
        }
    }

    private let settings: Settings
    private let mailbox: Mailbox
    private let log: Logger
    private let clock = ContinuousClock()
    private var resolver: ClusterResolver
    /// nil until the cluster is known in full.
    private var builder: RulesetBuilder?
    private var follower: KernelFollower
    private var pace = RepairPace()
    /// What is said of a change once it stands.
    private var news: [String] = []
    /// When the kernel is to be compared with what should stand, at the latest.
    private var comparison: ContinuousClock.Instant
    /// Until when what is in doubt is left alone.
    private var patience: ContinuousClock.Instant
    private var failures = 0
    /// Whether the kernel has held all of the cluster once.
    private var isReady = false
    /// Warnings are said once.
    private var warned: Set<String> = []

    /// An agent that follows a mailbox; commits of others are heard from here on.
    ///
    /// Throws ``NetlinkError`` where the kernel cannot be used.
    package init(_ settings: Settings, _ mailbox: Mailbox, _ log: Logger) throws(NetlinkError) {
        (self.settings, self.mailbox, self.log) = (settings, mailbox, log)
        let socket = try NetlinkSocket(.transactions)
        let kernel = Kernel { purpose throws(NetlinkError) in
            if case .transactions = purpose { return socket }
            return try NetlinkSocket(purpose)
        }
        follower = KernelFollower(kernel: kernel)
        resolver = ClusterResolver(ClusterStore(), options: settings.resolution)
        (comparison, patience) = (clock.now + settings.comparison, clock.now)
        try KernelWatch.start(IPFamily.allCases.map(TableName.ferrule), ownPort: socket.portID, mailbox)
    }

    /// Works until the mailbox says that it is over. What stands in the kernel stays.
    package mutating func run() {
        while true {
            let mail = mailbox.take(until: deadline)
            if mail.isOver {
                ServiceManager.notify("STOPPING=1")
                return
            }
            if ServiceManager.watchdogInterval != nil { ServiceManager.notify("WATCHDOG=1") }
            take(mail)
            if builder != nil { settle() }
        }
    }

    private var deadline: DispatchTime {
        let next = builder != nil && follower.isInDoubt ? min(patience, comparison) : comparison
        let time = min(next - clock.now, ServiceManager.watchdogInterval ?? .seconds(3600))
        let (seconds, attoseconds) = max(.zero, time).components
        return .now() + .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }

    // MARK: The cluster

    private mutating func take(_ mail: Mailbox.Mail) {
        let stale = resolver.apply(mail.changes)
        if var builder {
            // A second holder would have all of it copied.
            self.builder = nil
            switch stale {
            case .everything:
                builder = start()
                news.append("the node or the ranges of the cluster: all services resolved again")
            case .services(let keys):
                for key in keys.sorted() {
                    let (old, new) = (builder.service(key), resolver.service(key))
                    if let line = ServiceNews(key, old, new) { news.append(line.text) }
                    builder.replace(key, with: new)
                }
            }
            self.builder = builder
        } else if mail.isComplete {
            builder = start()
        }
        if !mail.intruders.isEmpty { heed(mail.intruders) }
    }

    /// The builder of all services as they are.
    private mutating func start() -> RulesetBuilder {
        let result = resolver.resolveAll()
        for line in result.diagnostics.map(\.line) where warned.insert(line).inserted { log.warning("\(line)") }
        follower.doubt()
        return RulesetBuilder(result.cluster, settings.compiler)
    }

    // MARK: The kernel

    private mutating func heed(_ intruders: [String]) {
        follower.doubt()
        let wasFight = pace.isFight
        patience = pace.next(clock.now)
        let names = Set(intruders.filter { !$0.isEmpty }).sorted().joined(separator: ", ")
        let who = names.isEmpty ? "somebody" : names
        if pace.isFight, !wasFight {
            log.warning("\(who) keeps changing Ferrule's tables: they are put right once a second at most")
        } else {
            log.debug("\(who) has changed Ferrule's tables")
        }
    }

    private mutating func settle() {
        if clock.now >= comparison { follower.doubt() }
        if follower.isInDoubt, clock.now < patience { return }
        do throws(NetlinkError) {
            if follower.isInDoubt { try compare() } else { try follow() }
            (failures, news) = (0, [])
            if !isReady { ServiceManager.notify("READY=1") }
            isReady = true
        } catch {
            follower.doubt()
            failures += 1
            let delay = min(Duration.seconds(30), .milliseconds(50) * (1 << min(failures, 10)))
            patience = clock.now + delay
            log.error("\(error.wording); it is tried again in \(delay.inMilliseconds) ms")
            for step in error.steps.prefix(5) { log.error("\(step)") }
        }
    }

    /// Sends what has become different.
    private mutating func follow() throws(NetlinkError) {
        guard var builder else { return }
        self.builder = nil
        let start = clock.now
        let changes = builder.takeChanges()
        self.builder = builder
        guard !changes.isEmpty else { return }
        var provenance = provenance(builder)
        provenance.sign(builder.digest, of: builder.tableNames)
        guard let work = try follower.carryOut(changes, provenance) else { return try compare() }
        say(work, clock.now - start)
        // Traffic has its ruleset: what is left to do is no reason to read the kernel anew.
        do throws(NetlinkError) {
            let flows = try follower.tidy(after: changes) { Set(Machine.current().interfaceAddresses) }
            if flows > 0 { log.info("\(counted(flows, "tracked connection")) removed") }
        } catch {
            log.warning("UDP clients may stay with endpoints that are gone: \(error.wording)")
        }
    }

    /// Reads what stands, and sends what differs.
    private mutating func compare() throws(NetlinkError) {
        guard var builder else { return }
        self.builder = nil
        let start = clock.now
        _ = builder.takeChanges()
        let ruleset = builder.ruleset()
        let provenance = provenance(builder)
        self.builder = builder
        let addresses = Set(Machine.current().interfaceAddresses)
        let outcome = try follower.bring(to: ruleset, provenance, addresses)
        for drift in outcome.drift { log.warning("removed \(drift), which somebody else put there") }
        for problem in outcome.tidying.problems { log.warning("\(problem)") }
        comparison = clock.now + settings.comparison
        guard outcome.isChanged else { return log.debug("the kernel holds what it should") }
        if news.isEmpty {
            let summary = ruleset.summary
            let whole = "\(counted(summary.services, "service")) with \(counted(summary.endpoints, "endpoint"))"
            news.append(isReady ? "put right what others had changed in Ferrule's tables" : whole)
        }
        say(outcome.work, clock.now - start)
    }

    private func provenance(_ builder: RulesetBuilder) -> Provenance {
        Provenance(
            version: settings.version, appliedAt: Int64(Date().timeIntervalSince1970), summary: builder.summary,
            node: settings.resolution.nodeName)
    }

    /// How many services a line names.
    private static let namedServices = 5

    private func say(_ work: KernelWork, _ time: Duration) {
        let shown = news.prefix(Self.namedServices).joined(separator: "; ")
        let more = news.count - Self.namedServices
        log.info(
            "\(shown)\(more > 0 ? " and \(more) more services" : ""); \(work.words), \(time.inMilliseconds) ms")
    }
}

extension Duration {
    /// `0.9`, `120.0`
    fileprivate var inMilliseconds: String {
        let tenths = Int((self / .microseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension Diagnostic {
    /// The line that says it, without the quoted source.
    fileprivate var line: String { String(DiagnosticPrinter().text(of: self).prefix { $0 != "\n" }) }
}
