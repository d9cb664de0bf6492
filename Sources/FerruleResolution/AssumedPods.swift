// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleText

/// The pods that workloads declare, with placeholder addresses, so that manifests compile before a cluster has seen them.
struct AssumedPods {
    /// As many pods as Kubernetes supports in a cluster (<https://kubernetes.io/docs/setup/best-practices/cluster-large/>).
    static let limit = 150_000

    /// What pods without a node bear for its name: nobody knows where they are going to run, but somewhere they will. No node
    /// is called so.
    static let unscheduledNode = "?"

    /// The node that a pod or an endpoint names; nil where it names none, or that of pods of which nobody knows where they run.
    static func knownNode(_ name: String?) -> String? { name == unscheduledNode ? nil : name }

    private(set) var pods: [Pod] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// What the addresses of StatefulSets' pods follow from in place of their own names: the names that they would have as pods of
    /// any other workload, so that they keep the addresses that they had when they were called so.
    private var seeds: [ObjectKey: String] = [:]

    /// One ready pod a declared replica, for a DaemonSet one a node (one in all where no node is known), and one for each
    /// declared pod without an address. Workloads of which the input holds real pods declare nothing more.
    ///
    /// - Parameter ranges: where the addresses are taken from, none in another; a pod gets one of each family, of the ranges of
    ///   its node if it has one.
    init(for store: ClusterStore, ranges: [Prefix]) {
        let nodeNames = store.nodes.objects.map(\.meta.name).sorted()
        pods = store.pods.objects.filter(\.podIPs.isEmpty)
        let workloads = Workload.Kind.allCases.flatMap { kind in
            store.workloads[kind].map { table in table.sortedPlaces.map { table.objects[$0] } } ?? []
        }
        for workload in workloads where !workload.templateLabels.isEmpty {
            let matching = store.pods(matching: workload.templateLabels, in: workload.meta.namespace)
            guard matching.allSatisfy(\.podIPs.isEmpty) else { continue }
            let isDaemon = workload.kind == .daemonSet
            let count = isDaemon ? max(nodeNames.count, 1) : max(workload.replicas ?? 1, 0)
            guard count <= Self.limit - pods.count else {
                refuse(workload, count)
                return
            }
            var replicas = Self.replicas(of: workload, count, nodeNames: isDaemon ? nodeNames : [])
            if workload.kind == .statefulSet { nameByOrdinals(&replicas, of: workload, besides: store.pods) }
            pods += replicas
        }
        for position in pods.indices where pods[position].spec.nodeName == nil {
            pods[position].spec.nodeName = Self.unscheduledNode
        }
        pods.sort { ObjectKey($0.meta) < ObjectKey($1.meta) }
        let taken = store.knownAddresses.sorted()
        for family in IPFamily.allCases {
            giveAddresses(of: ranges.filter { $0.family == family }, taken: taken, store.nodes.objects)
        }
    }

    /// Calls the pods of a StatefulSet what its controller does (`getPodName` in `pkg/controller/statefulset/stateful_set_utils.go`),
    /// but for those whose name a pod of the input has, or may have as the placeholder of another workload.
    private mutating func nameByOrdinals(
        _ replicas: inout [Pod], of workload: Workload, besides known: ObjectTable<Pod>
    ) {
        let name = workload.meta.name
        guard !name.isEmpty, !Workload.Kind.allCases.contains(where: { name.hasSuffix($0.assumedPodMark) }) else {
            return
        }
        for position in replicas.indices {
            var meta = replicas[position].meta
            meta.name = replicas[position].spec.hostname ?? meta.name
            guard known[ObjectKey(meta)] == nil else { continue }
            seeds[ObjectKey(meta)] = ObjectKey(replicas[position].meta).description
            replicas[position].meta = meta
        }
    }

    private mutating func refuse(_ workload: Workload, _ count: Int) {
        let found = pods.isEmpty ? "\(count) pods are" : "\(count) pods, with \(pods.count) of others, are"
        diagnostics.append(
            Diagnostic(
                .error, "\(found) more than --assume-pods makes: \(Self.limit), as many as a cluster may have",
                object: "\(workload.kind.rawValue) \(workload.meta.displayName)", field: FieldPath("spec", "replicas"),
                origin: workload.meta.origin))
    }

    /// Gives each pod an address of its node's range, else of the first range that has one left.
    ///
    /// - Parameters:
    ///   - ranges: of one family.
    ///   - taken: sorted.
    private mutating func giveAddresses(of ranges: [Prefix], taken: [IPAddress], _ nodes: [Node]) {
        guard !ranges.isEmpty else { return }
        var homes: [String: Prefix] = [:]
        for node in nodes {
            homes[node.meta.name] = node.podCIDRs.lazy.compactMap { Prefix($0) }.first(where: ranges.contains)
        }
        var allocators: [Prefix: AddressAllocator] = [:]
        var open = ranges[...]
        var refused: Diagnostic?
        for position in pods.indices {
            let meta = pods[position].meta
            let owner = seeds[ObjectKey(meta)] ?? ObjectKey(meta).description
            func allocate(_ range: Prefix) -> IPAddress? {
                allocators[range, default: AddressAllocator(range, taken: taken.within(range))]
                    .allocate(for: owner)
            }
            var address = pods[position].spec.nodeName.flatMap { homes[$0] }.flatMap(allocate)
            while address == nil, let range = open.first {
                address = allocate(range)
                if address == nil { open.removeFirst() }
            }
            if let address {
                pods[position].podIPs.append(address.description)
                pods[position].isReady = true
            } else if refused != nil {
                refused?.likeIt += 1
            } else {
                let place = listed(ranges.map(\.description), shown: 3)
                refused = Diagnostic(
                    .warning, "no address is left in \(place) for the assumed pod \(meta.ownName)",
                    origin: meta.origin, hint: "pass a wider --cluster-cidr")
            }
        }
        diagnostics += [refused].compactMap(\.self)
    }

    private static func replicas(of workload: Workload, _ count: Int, nodeNames: [String]) -> [Pod] {
        // It has 32 bits in the API: more than that would leave no room for the numbers behind it.
        let first = workload.kind == .statefulSet ? min(max(workload.firstOrdinal ?? 0, 0), Int(Int32.max)) : 0
        return (first..<(first + count)).enumerated().map { place, number in
            var meta = workload.meta
            meta.name = "\(workload.meta.ownName)\(workload.kind.assumedPodMark)-\(number)"
            meta.labels = workload.templateLabels
            var pod = Pod(meta: meta, spec: workload.templateSpec)
            if place < nodeNames.count { pod.spec.nodeName = nodeNames[place] }
            if workload.kind == .statefulSet {
                // As its controller has it (`initIdentity` in `pkg/controller/statefulset/stateful_set_utils.go`).
                (pod.spec.hostname, pod.spec.subdomain) = ("\(workload.meta.name)-\(number)", workload.serviceName)
            }
            return pod
        }
    }
}

extension ClusterStore {
    /// The addresses of pods, of endpoints and of nodes.
    fileprivate var knownAddresses: Set<IPAddress> {
        var known = Set(pods.objects.lazy.flatMap(\.addresses))
        known.formUnion(nodes.objects.lazy.flatMap(\.hostAddresses))
        let slices = endpointSlices.objects.lazy.flatMap(\.endpoints).flatMap(\.addresses)
        let subsets = endpoints.objects.lazy.flatMap(\.subsets)
        let others = subsets.flatMap { $0.addresses + $0.notReadyAddresses }.compactMap(\.ip)
        known.formUnion(slices.compactMap { IPAddress($0) })
        known.formUnion(others.compactMap { IPAddress($0) })
        return known
    }
}

extension [IPAddress] {
    /// Those within a range, of a sorted array.
    fileprivate func within(_ range: Prefix) -> ArraySlice<IPAddress> {
        let start = indices.firstPlace { self[$0] >= range.address }
        return self[start..<(start..<endIndex).firstPlace { self[$0] > range.lastAddress }]
    }
}

extension Workload.Kind {
    /// What stands behind the name of a workload in those of its assumed pods, before their numbers: `-deployment`.
    package var assumedPodMark: String { "-" + rawValue.lowercased() }
}
