// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleDiagnostics
package import FerruleKubernetes
package import FerruleNetwork
internal import FerruleParallel

/// Turns the objects of a cluster into services with addresses and endpoints, and follows their changes.
package struct ClusterResolver: Sendable {
    package struct Result {
        package let cluster: ResolvedCluster
        /// What was allocated for services that do not say their ClusterIP or node ports.
        package let lock: AllocationLock
        package let diagnostics: [Diagnostic]
        /// Placeholders that declared pods were given.
        package let assumedAddresses: Set<IPAddress>
        /// With ``ResolutionOptions/isForAllNodes``, the services that some nodes see in another way than `cluster` says, as
        /// these see them.
        package let clustersByNodeKind: [NodeKind: ResolvedCluster]
    }

    /// What has to be resolved again after a change.
    package enum Stale: Sendable, Equatable {
        /// These services, some of which may be gone.
        case services(Set<ObjectKey>)
        /// All of them: what the node or the ranges of the cluster decide is different.
        case everything
    }

    package private(set) var store: ClusterStore
    private(set) var options: ResolutionOptions
    /// Allocations of an earlier run, which are kept.
    private let remembered: AllocationLock
    /// What services have that these are compared with.
    private let other: AllocationLock
    private var node: NodeView
    /// The store with placeholder pods, where those are asked for.
    private var assuming: ClusterStore?
    /// Placeholders that declared pods were given.
    package private(set) var assumedAddresses: Set<IPAddress> = []
    private(set) var assumptions: [Diagnostic] = []
    private(set) var allocations = Allocations()
    /// The services that may lack a ClusterIP or a node port. An API server has given all of them to each.
    private var incomplete: Set<ObjectKey>

    package init(
        _ store: ClusterStore, options: ResolutionOptions = ResolutionOptions(),
        remembered: AllocationLock = AllocationLock(), other: AllocationLock = AllocationLock()
    ) {
        (self.store, self.options, self.remembered, self.other) = (store, options, remembered, other)
        node = NodeView(store, options)
        let services = store.services.objects
        incomplete = Set(
            services.indices.filter { Service.mayLackAllocations(services, at: $0) }
                .map { ObjectKey(services[$0].meta) })
        assumePods()
        allocate()
    }

    /// The same cluster, as another node sees it.
    package func seen(from nodeName: String?) -> ClusterResolver {
        var resolver = self
        (resolver.options.nodeName, resolver.options.isForAllNodes) = (nodeName, false)
        resolver.node = NodeView(store, resolver.options)
        return resolver
    }

    /// Made where it is needed: a second holder of the store would have it copied at the next change.
    var reader: ServiceReader {
        ServiceReader(store: assuming ?? store, allocations: allocations, ranges: node.allocationCIDRs)
    }

    private mutating func assumePods() {
        guard options.assumePods else { return }
        let ranges = node.clusterCIDRs.isEmpty ? ResolutionOptions.defaultClusterCIDRs : node.clusterCIDRs
        let assumed = AssumedPods(for: store, ranges: ranges)
        var copy = store
        _ = copy.apply(assumed.pods.map { .put(.pod($0)) })
        (assuming, assumptions) = (copy, assumed.diagnostics)
        assumedAddresses = Set(assumed.pods.lazy.flatMap(\.addresses))
    }

    private mutating func allocate() {
        guard !incomplete.isEmpty else {
            allocations = Allocations()
            return
        }
        allocations = Allocations(
            store.services.objects, order: store.sortedServices, ranges: node.allocationCIDRs,
            nodePortRange: options.nodePortRange, remembered: remembered, other: other)
    }

    /// The addresses that the node has, as far as the input and the options say: those that it is known by first.
    package var nodeAddresses: [IPAddress] { node.allAddresses }

    /// Those that any node has, as far as the input and the options say.
    package var addressesOfNodes: Set<IPAddress> {
        Set(node.allAddresses).union(store.nodes.objects.lazy.flatMap(\.hostAddresses))
    }

    /// The pods, those with placeholder addresses included.
    package var pods: ObjectTable<Pod> { (assuming ?? store).pods }

    /// What holds for all services on the node.
    package var surroundings: Surroundings {
        var surroundings = Surroundings()
        surroundings.podTraffic = node.podTraffic
        surroundings.serviceCIDRs = node.serviceCIDRs
        for family in IPFamily.allCases {
            surroundings.nodePortAddresses[family] = node.nodePortAddresses(family, within: options.nodePortAddresses)
        }
        return surroundings
    }

    /// The node of the options; nil where none is named.
    package var nodeName: String? { node.name }

    /// The zone that a node's label says; nil where the input has no such node, or it has none.
    package func zone(ofNode name: String) -> String? { store.nodes[ObjectKey("", name)]?.zone }

    /// The node that an endpoint names; nil also where it is that of declared pods, of which nobody knows where they will run.
    package func knownNode(_ name: String?) -> String? { AssumedPods.knownNode(name) }

    /// The name that stands for a node that declared pods will run on.
    package static var unscheduledNode: String { AssumedPods.unscheduledNode }

    /// A service on every node; nil if there is none.
    package func clusterService(_ key: ObjectKey) -> ClusterService? { store.services[key].map { reader.read($0) } }

    /// Services on the node of the options, one after the other; nil for those that there are not.
    package func forEachService(_ keys: some Sequence<ObjectKey>, _ body: (ObjectKey, ResolvedService?) -> Void) {
        let reader = reader
        for key in keys {
            body(key, store.place(ofService: key).map { node.resolve(reader.read(store.services.objects.span[$0])) })
        }
    }

    /// A service on the node of the options; nil if there is none.
    package func service(_ key: ObjectKey) -> ResolvedService? { clusterService(key).map(node.resolve) }

    // MARK: Changes

    /// Takes changes of the cluster, and says what has to be resolved again.
    package mutating func apply(_ changes: [ClusterChange]) -> Stale {
        let concern = store.apply(changes)
        guard !concern.isEmpty else { return .services([]) }
        // What else changes says nothing of what a service lacks.
        let areServices = changes.contains { change in
            switch change {
            case .put(.service), .delete(.service, _): true
            case .put, .delete: false
            }
        }
        for key in concern.services where areServices {
            let mayLack = store.place(ofService: key).map { Service.mayLackAllocations(store.services.objects, at: $0) }
            if mayLack == true {
                incomplete.insert(key)
            } else if !incomplete.isEmpty {
                incomplete.remove(key)
            }
        }
        let isSame = !concern.surroundings || !updateNode()
        // With placeholder pods, who has which address depends on all declarations.
        let assumesOthers = options.assumePods && (concern.pods || concern.surroundings)
        assumePods()
        var services = concern.services
        if !incomplete.isEmpty || !allocations.isEmpty {
            let before = allocations
            allocate()
            services.formUnion(before.differing(from: allocations))
        }
        guard isSame, !assumesOthers else { return .everything }
        return .services(services)
    }

    /// Whether the node, or what it says of the cluster, is another now.
    private mutating func updateNode() -> Bool {
        let new = NodeView(store, options)
        defer { node = new }
        return new != node
    }

    // MARK: All services at once

    /// Resolves objects that have passed validation; what is wrong in them all the same is passed over.
    ///
    /// - Parameters:
    ///   - remembered: allocations of an earlier run, which are kept as long as they are within the ranges.
    ///   - other: what services have in definitions that these are compared with: it holds for a service that does not say
    ///     its own, whatever is remembered and whatever the ranges.
    package static func resolve(
        _ objects: ClusterObjects, options: ResolutionOptions = ResolutionOptions(),
        remembered: AllocationLock = AllocationLock(), other: AllocationLock = AllocationLock()
    ) -> Result {
        ClusterResolver(ClusterStore(objects), options: options, remembered: remembered, other: other).resolveAll()
    }

    /// All services, in the order of their names, resolved on all processors.
    package func resolveAll() -> Result {
        let (reader, node) = (reader, node)
        var cluster = ResolvedCluster(surroundings)
        cluster.services = mapAll { node.resolve(reader.read($0)) }
        return Result(
            cluster: cluster, lock: allocations.lock, diagnostics: diagnostics(of: cluster, reader),
            assumedAddresses: assumedAddresses,
            clustersByNodeKind: options.isForAllNodes ? clustersByNodeKind() : [:])
    }

    /// All services, in the order of their names, and what each looks like to somebody.
    package struct Overview<Description: Sendable>: Sendable {
        package let descriptions: [Description]
        /// What was allocated for services that do not say their ClusterIP or node ports.
        package let lock: AllocationLock
        package let diagnostics: [Diagnostic]
        /// Services whose labels give them to another proxy.
        package let otherProxyCount: Int
    }

    /// Describes all services, on all processors, in the order of their names. With ``ResolutionOptions/isForAllNodes`` nothing is
    /// said of what depends on the node.
    ///
    /// - Parameter describe: is given the service on every node, and as the node of the options sees it.
    package func overview<Description: Sendable>(
        _ describe: @Sendable (ClusterService, ResolvedService) -> Description
    ) -> Overview<Description> {
        let (reader, node) = (reader, node)
        let services = mapAll { service in
            let read = reader.read(service)
            let resolved = node.resolve(read)
            return (resolved: resolved, description: describe(read, resolved))
        }
        var cluster = ResolvedCluster(surroundings)
        cluster.services = services.map(\.resolved)
        return Overview(
            descriptions: services.map(\.description), lock: allocations.lock,
            diagnostics: diagnostics(of: cluster, reader), otherProxyCount: cluster.otherProxyCount)
    }

    /// What a function makes of all services, on all processors, in the order of their names.
    func mapAll<Result: Sendable>(_ make: @Sendable (borrowing Service) -> Result) -> [Result] {
        let services = store.services.objects
        return parallelMap(count: services.count, order: store.sortedServices, sliceLength: 256) {
            make(services.span[$0])
        }
    }

    /// - Parameter reader: the one that has read the services.
    private func diagnostics(of cluster: ResolvedCluster, _ reader: ServiceReader) -> [Diagnostic] {
        let (node, nodes, options) = (node, store.nodes.objects, options)
        let (ofCluster, ofNode) = parallelPair {
            EndpointWarnings(reader.store, assumesPods: options.assumePods).diagnostics(of: cluster)
        } _: {
            // Of all nodes there is nothing to warn: what depends on the node is told for each.
            options.isForAllNodes ? [] : NodeWarnings(node, nodes, options).diagnostics(of: cluster)
        }
        let gaps = InputGaps(store: reader.store, options: options).diagnostics
        return reader.size.diagnostics + assumptions + allocations.diagnostics + ofCluster + ofNode + gaps
    }

    /// The services that some nodes see in their own way, in the order of their names.
    private func clustersByNodeKind() -> [NodeKind: ResolvedCluster] {
        let reader = reader
        let areHinted = store.endpointSlices.objects.contains(where: \.hasHints)
        var clusters: [NodeKind: ResolvedCluster] = [:]
        for place in store.sortedServices where areHinted || store.services.objects[place].hasLocalPolicy {
            let service = reader.read(store.services.objects[place])
            for kind in service.nodeKinds {
                let view = node.of(kind) { store.nodes[ObjectKey("", $0)]?.zone }
                clusters[kind, default: ResolvedCluster(surroundings)].services.append(view.resolve(service))
            }
        }
        return clusters
    }
}
