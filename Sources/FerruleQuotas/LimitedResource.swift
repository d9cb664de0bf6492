// SPDX-License-Identifier: Apache-2.0

/// What a quota may limit of the kinds that are read; raw values are the API's. `count/NAME` counts objects, whatever state
/// they are in.
enum LimitedResource: String {
    case services
    case countServices = "count/services"
    case nodePorts = "services.nodeports"
    case loadBalancers = "services.loadbalancers"
    case pods
    case countPods = "count/pods"
    case replicationControllers = "replicationcontrollers"
    case countReplicationControllers = "count/replicationcontrollers"
    case countReplicaSets = "count/replicasets.apps"
    case countDeployments = "count/deployments.apps"
    case countStatefulSets = "count/statefulsets.apps"
    case countDaemonSets = "count/daemonsets.apps"
    case resourceQuotas = "resourcequotas"
    case countResourceQuotas = "count/resourcequotas"

    /// Whether it is pods that are counted.
    var isOfPods: Bool { self == .pods || self == .countPods }

    /// What one of it is called.
    var noun: String {
        switch self {
        case .services, .countServices: "service"
        case .nodePorts: "node port"
        case .loadBalancers: "load balancer"
        case .pods, .countPods: "pod"
        case .replicationControllers, .countReplicationControllers: "ReplicationController"
        case .countReplicaSets: "ReplicaSet"
        case .countDeployments: "Deployment"
        case .countStatefulSets: "StatefulSet"
        case .countDaemonSets: "DaemonSet"
        case .resourceQuotas, .countResourceQuotas: "ResourceQuota"
        }
    }
}
