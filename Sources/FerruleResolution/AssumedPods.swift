// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork

/// The pods that workloads declare, with placeholder addresses, so that manifests compile before a cluster has seen them.
enum AssumedPods {
    /// One ready pod a declared replica, for a DaemonSet one a node (one in all where no node is known), and one for each
    /// declared pod without an address. Workloads of which the input holds real pods declare nothing more.
    ///
    /// - Parameter ranges: where the addresses are taken from; a pod gets one of each family.
    static func make(for store: ClusterStore, ranges: [Prefix]) -> [Pod] {
        let real = store.pods.objects.filter { !$0.podIPs.isEmpty }
        var declared = store.pods.objects.filter(\.podIPs.isEmpty)
        for workload in store.workloads.values.flatMap(\.objects) where !workload.templateLabels.isEmpty {
            let matching = store.pods(matching: workload.templateLabels, in: workload.meta.namespace)
            guard matching.allSatisfy(\.podIPs.isEmpty) else { continue }
            declared += replicas(of: workload, nodes: store.nodes.objects)
        }
        declared.sort { ObjectKey($0.meta) < ObjectKey($1.meta) }
        let taken = Set(real.lazy.flatMap(\.podIPs).compactMap { IPAddress($0) })
        for family in IPFamily.allCases {
            guard let range = ranges.first(where: { $0.family == family }) else { continue }
            var allocator = AddressAllocator(range, taken: taken)
            for position in declared.indices {
                let owner = "\(declared[position].meta.namespace)/\(declared[position].meta.name)"
                if let address = allocator.allocate(for: owner) {
                    declared[position].podIPs.append(address.description)
                    declared[position].isReady = true
                }
            }
        }
        return declared
    }

    private static func replicas(of workload: Workload, nodes: [Node]) -> [Pod] {
        let isDaemon = workload.kind == .daemonSet
        let nodeNames = isDaemon ? nodes.map(\.meta.name).sorted() : []
        let count = isDaemon ? max(nodeNames.count, 1) : max(workload.replicas ?? 1, 0)
        return (0..<count).map { number in
            var meta = workload.meta
            meta.name = "\(workload.meta.name)-\(workload.kind.rawValue.lowercased())-\(number)"
            meta.labels = workload.templateLabels
            var pod = Pod(meta: meta, spec: workload.templateSpec)
            if isDaemon, number < nodeNames.count { pod.spec.nodeName = nodeNames[number] }
            return pod
        }
    }
}
