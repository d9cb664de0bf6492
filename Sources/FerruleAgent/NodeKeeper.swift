// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleCompiler
package import FerruleDiagnostics
package import FerruleNetlink
package import FerruleNetwork
internal import FerruleKubernetes
internal import FerruleNode
package import FerrulePlanner
package import FerruleResolution
package import FerruleRuleset
internal import FoundationEssentials

/// Keeps the kernel of a node at a cluster: changes of objects become transactions, which cost what they change.
///
/// The thread that uses it decides the network namespace.
package struct NodeKeeper {
    /// What became of the kernel.
    package struct Outcome: Sendable {
        package var work = KernelWork()
        /// Whether the kernel was read, and compared with what should stand.
        package var isCompared = false
        /// The number of the ruleset if nobody else has committed since it was read; nil where that is not known.
        package var generation: UInt32?
        /// What somebody else had put into Ferrule's tables, and was removed.
        package var drift: [String] = []
        /// kube-proxy's tables that stood beside Ferrule's where the kernel was compared.
        package var kubeProxyTables: [TableName] = []
        /// Whether these have been removed.
        package var isTakenOver = false
        /// How many chains and sets that no service needs any more were removed.
        package var sweptCount = 0
        /// How many tracked connections were removed.
        package var removedFlows = 0
        /// What could not be done though the ruleset stands.
        package var problems: [String] = []
    }

    private var resolution: ResolutionOptions
    private var compiler: CompilerOptions
    private let version: String
    /// ClusterIPs and node ports that services without their own keep.
    private let remembered: AllocationLock
    /// Whether kube-proxy's tables go as Ferrule's come to stand: once, since one that goes on would make them again.
    private var takesOver: Bool
    private var resolver: ClusterResolver
    /// nil until the cluster is known in full.
    private var builder: RulesetBuilder?
    private var follower: KernelFollower
    /// The services whose endpoints on this node balancers ask for.
    package private(set) var healthChecks: [ObjectKey: HealthCheck] = [:]
    /// Where they ask: at the node's addresses that serve node ports. An unspecified address is all of its family.
    private(set) var healthCheckAddresses: [IPAddress] = []
    private(set) var localGaps = LocalGaps()
    /// Of services that an API server has told of: files were judged as a whole, and their lines are known there.
    private var claims = ExternalClaims()

    /// What a balancer is told of a service.
    package struct HealthCheck: Sendable, Hashable {
        package let port: FerruleNetwork.Port
        /// In each family in which the service has addresses.
        package let localEndpoints: [IPFamily: Int]

        init(port: FerruleNetwork.Port, localEndpoints: [IPFamily: Int]) {
            (self.port, self.localEndpoints) = (port, localEndpoints)
        }

        /// nil for a service of which none is told.
        fileprivate init?(_ service: ResolvedService?) {
            guard let service, let port = service.healthCheckNodePort else { return nil }
            (self.port, localEndpoints) = (port, service.localReadyCounts)
        }
    }

    /// - Parameters:
    ///   - version: Ferrule's, for the record in the kernel.
    ///   - remembered: ClusterIPs and node ports that services without their own keep.
    ///   - takesOver: whether kube-proxy's tables are removed in the transaction in which Ferrule's first stand.
    package init(
        _ kernel: Kernel, _ resolution: ResolutionOptions, _ compiler: CompilerOptions, version: String,
        remembered: AllocationLock = AllocationLock(), takesOver: Bool = false
    ) {
        (self.resolution, self.compiler, self.version) = (resolution, compiler, version)
        (self.remembered, self.takesOver) = (remembered, takesOver)
        follower = KernelFollower(kernel: kernel)
        resolver = ClusterResolver(ClusterStore(), options: resolution, remembered: remembered)
    }

    // MARK: The cluster

    /// Whether the node is going away, so that balancers should send it nothing more.
    package var isNodeLeaving: Bool {
        resolution.nodeName.flatMap { resolver.store.nodes[ObjectKey("", $0)] }?.isLeaving == true
    }

    /// Whether the cluster is known in full: nothing is sent before that.
    package var isComplete: Bool { builder != nil }

    /// The services as they are followed, in numbers.
    package var summary: Summary { builder?.summary ?? Summary() }

    /// What changes came to.
    package struct News: Sendable {
        /// What became different of which services, in words.
        package var lines: [String] = []
        /// What a user should know of the cluster as it is now.
        package var diagnostics: [Diagnostic] = []
    }

    /// Takes changes of the cluster. There is no news before it is complete.
    package mutating func take(_ changes: [ClusterChange]) -> News {
        guard !changes.isEmpty else { return News() }
        let stale = resolver.apply(changes)
        // A second holder would have all of it copied.
        guard var builder = builder.take() else { return News() }
        var news = News(diagnostics: takeClaims(changes))
        guard case .services(let keys) = stale else {
            news.lines = ["the node or the ranges of the cluster: all services resolved again"]
            news.diagnostics += resolveAll()
            return news
        }
        resolver.forEachService(keys.sorted()) { key, new in
            let old = builder.service(key)
            if let line = ServiceNews(key, old, new) { news.lines.append(line.text) }
            localGaps.count(old, -1)
            localGaps.count(new, 1)
            builder.replace(key, with: new)
            healthChecks[key] = HealthCheck(new)
        }
        self.builder = builder
        return news
    }

    /// Other options hold from now on.
    package mutating func change(to resolution: ResolutionOptions, _ compiler: CompilerOptions) -> News {
        (self.resolution, self.compiler) = (resolution, compiler)
        resolver = ClusterResolver(resolver.store, options: resolution, remembered: remembered)
        guard isComplete else { return News() }
        return News(lines: ["the configuration: all services resolved again"], diagnostics: resolveAll())
    }

    /// Reads which addresses the host's interfaces have, which come and go, as by DHCP: session affinity of node ports, and where
    /// balancers ask, go by them.
    package mutating func readAddresses() -> News {
        let addresses = Machine.current().interfaceAddresses
        guard isComplete, addresses != resolution.interfaceAddresses else { return News() }
        resolution.interfaceAddresses = addresses
        let surroundings = resolver.surroundings
        resolver = ClusterResolver(resolver.store, options: resolution, remembered: remembered)
        guard resolver.surroundings != surroundings else { return News() }
        return News(lines: ["the addresses of the node: all services resolved again"], diagnostics: resolveAll())
    }

    /// The cluster is known in full. Returns what a user should know of it.
    package mutating func complete() -> [Diagnostic] {
        var found: [Diagnostic] = []
        for place in resolver.store.sortedServices { found += takeClaims(of: resolver.store.services.objects[place]) }
        return found + resolveAll()
    }

    private mutating func takeClaims(of service: Service) -> [Diagnostic] {
        service.meta.origin.file.isEmpty ? claims.put(service) : []
    }

    private mutating func takeClaims(_ changes: [ClusterChange]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for change in changes {
            switch change {
            case .put(.service(let service)): found += takeClaims(of: service)
            case .delete(.service, let key): claims.remove(namespace: key.namespace, name: key.name)
            case .put, .delete: break
            }
        }
        return found
    }

    private mutating func resolveAll() -> [Diagnostic] {
        let result = resolver.resolveAll()
        builder = RulesetBuilder(result.cluster, compiler)
        healthCheckAddresses = compiler.families.flatMap { family in
            switch result.cluster.surroundings.nodePortAddresses(family) {
            case .all: [IPAddress(family, bits: 0)]
            case .listed(let addresses), .within(_, let addresses): addresses
            }
        }
        (healthChecks, localGaps) = ([:], LocalGaps())
        for service in result.cluster.services {
            if service.healthCheckNodePort != nil { healthChecks[service.key] = HealthCheck(service) }
            localGaps.count(service, 1)
        }
        follower.doubt()
        return result.diagnostics.filter { !$0.isWarningOfFile }
    }

    // MARK: The kernel

    /// Whether the kernel must be read before the next change.
    package var isInDoubt: Bool { follower.isInDoubt }

    /// Somebody else may have changed the tables.
    package mutating func doubt() { follower.doubt() }

    /// Brings the kernel to the cluster; does nothing until that is complete.
    ///
    /// Throws ``NetlinkError``; what stands is in doubt then.
    package mutating func settle() throws(NetlinkError) -> Outcome {
        guard var builder = builder.take() else { return Outcome() }
        let changes = builder.takeChanges()
        self.builder = builder
        if !follower.isInDoubt {
            guard !changes.isEmpty else { return Outcome() }
            if let outcome = try follow(changes) { return outcome }
        }
        return try compare()
    }

    /// Sends what has become different; nil where all of it has to be compared.
    private mutating func follow(_ changes: [TableChange]) throws(NetlinkError) -> Outcome? {
        guard let builder else { return nil }
        var provenance = provenance
        provenance.sign(builder.digest)
        guard let work = try follower.carryOut(changes, provenance) else { return nil }
        var outcome = Outcome()
        outcome.work = work
        // Traffic has its ruleset: what is left to do is no reason to read the kernel anew.
        let tidying = follower.tidy(after: changes) { NodeKeeper.localAddresses }
        (outcome.removedFlows, outcome.problems) = (tidying.flowCount, tidying.problems)
        return outcome
    }

    /// Reads what stands, and sends what differs.
    private mutating func compare() throws(NetlinkError) -> Outcome {
        guard var builder = builder.take() else { return Outcome() }
        let (ruleset, digest) = (builder.ruleset(), builder.digest)
        self.builder = builder
        var provenance = provenance
        provenance.sign(digest)
        var outcome = Outcome()
        outcome.kubeProxyTables = try follower.kernel.standing(among: IPFamily.allCases.map(TableName.kubeProxy))
        let result = try follower.bring(
            to: ruleset, provenance, NodeKeeper.localAddresses, displacing: takesOver ? outcome.kubeProxyTables : [])
        (outcome.isTakenOver, takesOver) = (takesOver, false)
        (outcome.work, outcome.isCompared, outcome.drift) = (result.work, true, result.drift)
        (outcome.generation, outcome.sweptCount) = (result.generation, result.sweptCount)
        (outcome.removedFlows, outcome.problems) = (result.tidying.flowCount, result.tidying.problems)
        return outcome
    }

    private var provenance: Provenance {
        Provenance(
            version: version, appliedAt: Int64(Date().timeIntervalSince1970), summary: summary,
            node: resolution.nodeName)
    }

    private static var localAddresses: Set<IPAddress> { Set(Machine.current().interfaceAddresses) }
}
