// SPDX-License-Identifier: Apache-2.0

/// A kind of object that Ferrule reads.
package enum ObjectKind: String, Sendable, CaseIterable {
    case service = "Service"
    case endpointSlice = "EndpointSlice"
    case endpoints = "Endpoints"
    case pod = "Pod"
    case node = "Node"
    case namespace = "Namespace"
    case serviceCIDR = "ServiceCIDR"
    case replicationController = "ReplicationController"
    case replicaSet = "ReplicaSet"
    case deployment = "Deployment"
    case statefulSet = "StatefulSet"
    case daemonSet = "DaemonSet"
    case kubeProxyConfiguration = "KubeProxyConfiguration"

    /// The kind of an object with this version; nil if it is not read.
    package init?(_ type: ObjectType) {
        self.init(rawValue: type.kind)
        guard apiVersions.contains(type.apiVersion) else { return nil }
    }

    /// The versions that are read, the present one first.
    package var apiVersions: [String] {
        switch self {
        case .service, .endpoints, .pod, .node, .namespace, .replicationController: ["v1"]
        case .endpointSlice: ["discovery.k8s.io/v1"]
        case .serviceCIDR: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"]
        case .replicaSet, .deployment, .statefulSet, .daemonSet: ["apps/v1"]
        case .kubeProxyConfiguration: ["kubeproxy.config.k8s.io/v1alpha1"]
        }
    }

    /// Versions of which the same was true once, so that manifests bear them without a slip of the pen.
    var formerVersions: [String] {
        switch self {
        case .replicaSet, .daemonSet: ["extensions/v1beta1", "apps/v1beta2"]
        case .deployment: ["extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"]
        case .statefulSet: ["apps/v1beta1", "apps/v1beta2"]
        default: []
        }
    }

    /// Whether its objects stand in namespaces.
    var isNamespaced: Bool {
        switch self {
        case .node, .namespace, .serviceCIDR, .kubeProxyConfiguration: false
        default: true
        }
    }

    /// The fields of an object of this kind.
    package var schema: FieldSchema {
        switch self {
        case .service: Service.schema
        case .endpointSlice: EndpointSlice.schema
        case .endpoints: Endpoints.schema
        case .pod: Pod.schema
        case .node: Node.schema
        case .namespace: Namespace.schema
        case .serviceCIDR: ServiceCIDR.schema
        case .replicationController: Workload.replicationControllerSchema
        case .replicaSet: Workload.replicaSetSchema
        case .deployment: Workload.deploymentSchema
        case .statefulSet: Workload.statefulSetSchema
        case .daemonSet: Workload.daemonSetSchema
        case .kubeProxyConfiguration: KubeProxyConfiguration.schema
        }
    }
}
