// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes

/// How much of something an object uses.
struct Use {
    /// `Service test/web`
    let title: String
    let meta: ObjectMeta
    let count: Int
    /// The field that says so.
    let field: FieldPath
}

/// What an input declares in one namespace.
struct NamespaceContents {
    private var services: [Service] = []
    private var pods: [Pod] = []
    private var workloads: [Workload] = []
    private var quotas: [ResourceQuota] = []
    /// Of the cluster: each runs a pod of each DaemonSet. One where none is known.
    private let nodeCount: Int

    private init(nodeCount: Int) { self.nodeCount = max(nodeCount, 1) }

    /// What some namespaces hold.
    static func grouped(_ objects: ClusterObjects, namespaces: Set<String>) -> [String: NamespaceContents] {
        var contents: [String: NamespaceContents] = [:]
        func add<Object>(_ list: WritableKeyPath<NamespaceContents, [Object]>, _ object: Object, _ namespace: String) {
            guard namespaces.contains(namespace) else { return }
            contents[namespace, default: NamespaceContents(nodeCount: objects.nodes.count)][keyPath: list]
                .append(object)
        }
        for service in objects.services { add(\.services, service, service.meta.namespace) }
        for pod in objects.pods { add(\.pods, pod, pod.meta.namespace) }
        for workload in objects.workloads { add(\.workloads, workload, workload.meta.namespace) }
        for quota in objects.resourceQuotas { add(\.quotas, quota, quota.meta.namespace) }
        return contents
    }

    /// Who uses how much of something; nobody who uses none. What is no pod is in no scope but everything.
    func use(of resource: LimitedResource, in scope: PodScope) -> [Use] {
        guard scope.isEverything || resource.isOfPods else { return [] }
        let uses: [Use] =
            switch resource {
            case .services, .countServices: services.map { $0.use(1, FieldPath("metadata", "name")) }
            case .nodePorts: services.map { $0.use($0.nodePortCount, FieldPath("spec", "ports")) }
            case .loadBalancers:
                services.map { $0.use($0.spec.type == "LoadBalancer" ? 1 : 0, FieldPath("spec", "type")) }
            case .pods: podUses(in: scope) { !$0.hasEnded }
            case .countPods: podUses(in: scope) { _ in true }
            case .replicationControllers, .countReplicationControllers: objects(.replicationController)
            case .countReplicaSets: objects(.replicaSet)
            case .countDeployments: objects(.deployment)
            case .countStatefulSets: objects(.statefulSet)
            case .countDaemonSets: objects(.daemonSet)
            case .resourceQuotas, .countResourceQuotas:
                quotas.map {
                    Use(
                        title: "ResourceQuota \($0.meta.displayName)", meta: $0.meta, count: 1,
                        field: FieldPath("metadata", "name"))
                }
            }
        return uses.filter { $0.count > 0 }
    }

    private func objects(_ kind: Workload.Kind) -> [Use] {
        workloads.filter { $0.kind == kind }.map { $0.use(1, FieldPath("metadata", "name")) }
    }

    /// What workloads ask for, and pods beside these: as many of a workload's pods as it asks for are counted with it.
    private func podUses(in scope: PodScope, _ isCounted: (Pod) -> Bool) -> [Use] {
        var objects = ClusterObjects()
        objects.pods = pods.filter { !$0.hasEnded }
        let store = ClusterStore(objects)
        var covered: Set<ObjectKey> = []
        var uses: [Use] = []
        let templates = Set(workloads.lazy.filter { $0.kind == .deployment }.map(\.templateLabels))
        for workload in workloads where !workload.isOfDeployment(templates) {
            let isDaemon = workload.kind == .daemonSet
            let wanted = max(isDaemon ? nodeCount : workload.replicas ?? 1, 0)
            let labels = workload.templateLabels
            // Without labels it is not valid, and has no pods.
            let present = labels.isEmpty ? [] : store.pods(matching: labels, in: workload.meta.namespace)
            covered.formUnion(present.map { ObjectKey($0.meta) }.filter { !covered.contains($0) }.prefix(wanted))
            guard scope.holds(workload.templateSpec) else { continue }
            uses.append(workload.use(wanted, isDaemon ? FieldPath("metadata", "name") : FieldPath("spec", "replicas")))
        }
        return uses
            + pods.filter { isCounted($0) && scope.holds($0.spec) && !covered.contains(ObjectKey($0.meta)) }.map {
                Use(title: "Pod \($0.meta.displayName)", meta: $0.meta, count: 1, field: FieldPath("metadata", "name"))
            }
    }
}

extension Service {
    fileprivate func use(_ count: Int, _ field: FieldPath) -> Use {
        Use(title: "Service \(meta.displayName)", meta: meta, count: count, field: field)
    }

    /// How many node ports it is meant to have. A balancer's may not be allocated yet: what is asked for counts (`Usage` in
    /// `pkg/quota/v1/evaluator/core/services.go`).
    fileprivate var nodePortCount: Int {
        switch spec.type {
        case "NodePort": spec.ports.count
        case "LoadBalancer":
            spec.allocateLoadBalancerNodePorts == false
                ? spec.ports.count { ($0.nodePort ?? 0) != 0 } : spec.ports.count
        default: 0
        }
    }
}

extension Workload {
    /// Whether one of the Deployments with these templates' labels has made a ReplicaSet, which has the labels and one more
    /// (`getNewReplicaSet` in `pkg/controller/deployment/sync.go`): then the Deployment says how many pods there are.
    fileprivate func isOfDeployment(_ templates: Set<Labels>) -> Bool {
        guard kind == .replicaSet, templateLabels["pod-template-hash"] != nil else { return false }
        var labels = templateLabels
        labels["pod-template-hash"] = nil
        return templates.contains(labels)
    }

    fileprivate func use(_ count: Int, _ field: FieldPath) -> Use {
        Use(title: "\(kind.rawValue) \(meta.displayName)", meta: meta, count: count, field: field)
    }
}
