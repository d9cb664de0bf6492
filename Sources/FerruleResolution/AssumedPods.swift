// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
package import FerruleKubernetes
internal import FerruleNetwork

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

    /// One ready pod a declared replica, for a DaemonSet one a node (one in all where no node is known), and one for each
    /// declared pod without an address. Workloads of which the input holds real pods declare nothing more.
    ///
    /// - Parameter ranges: where the addresses are taken from; a pod gets one of each family.
    init(for store: ClusterStore, ranges: [Prefix]) {
        let real = store.pods.objects.filter { !$0.podIPs.isEmpty }
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
            pods += Self.replicas(of: workload, count, nodeNames: isDaemon ? nodeNames : [])
        }
        for position in pods.indices where pods[position].spec.nodeName == nil {
            pods[position].spec.nodeName = Self.unscheduledNode
        }
        pods.sort { ObjectKey($0.meta) < ObjectKey($1.meta) }
        let taken = Set(real.lazy.flatMap(\.addresses))
        for family in IPFamily.allCases {
            if let range = ranges.first(where: { $0.family == family }) { giveAddresses(of: range, taken: taken) }
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

    private mutating func giveAddresses(of range: Prefix, taken: Set<IPAddress>) {
        var allocator = AddressAllocator(range, taken: taken)
        var refused: Diagnostic?
        for position in pods.indices {
            let meta = pods[position].meta
            if let address = allocator.allocate(for: ObjectKey(meta).description) {
                pods[position].podIPs.append(address.description)
                pods[position].isReady = true
            } else if refused != nil {
                refused?.likeIt += 1
            } else {
                refused = Diagnostic(
                    .warning, "no address is left in \(range) for the assumed pod \(meta.ownName)", origin: meta.origin,
                    hint: "pass a wider --cluster-cidr")
            }
        }
        diagnostics += [refused].compactMap(\.self)
    }

    private static func replicas(of workload: Workload, _ count: Int, nodeNames: [String]) -> [Pod] {
        (0..<count).map { number in
            var meta = workload.meta
            meta.name = "\(workload.meta.ownName)\(workload.kind.assumedPodMark)-\(number)"
            meta.labels = workload.templateLabels
            var pod = Pod(meta: meta, spec: workload.templateSpec)
            if number < nodeNames.count { pod.spec.nodeName = nodeNames[number] }
            if workload.kind == .statefulSet {
                // As its controller has it (`initIdentity` in `pkg/controller/statefulset/stateful_set_utils.go`).
                (pod.spec.hostname, pod.spec.subdomain) = ("\(workload.meta.name)-\(number)", workload.serviceName)
            }
            return pod
        }
    }
}

extension Workload.Kind {
    /// What stands behind the name of a workload in those of its assumed pods, before their numbers: `-deployment`.
    package var assumedPodMark: String { "-" + rawValue.lowercased() }
}
