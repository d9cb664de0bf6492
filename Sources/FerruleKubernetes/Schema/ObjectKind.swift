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
    case resourceQuota = "ResourceQuota"
    case ingress = "Ingress"
    case ingressClass = "IngressClass"
    case secret = "Secret"
    case kubeProxyConfiguration = "KubeProxyConfiguration"

    /// The kinds that are of no effect on services: whoever needs them asks for them.
    package static let ofIngress: Set<ObjectKind> = [.ingress, .ingressClass, .secret]

    /// The kinds that are read for services.
    package static let ofServices = Set(allCases).subtracting(ofIngress)

    /// The kind of an object with this version; nil if it is not read.
    package init?(_ type: ObjectType) {
        self.init(rawValue: type.kind)
        guard apiVersions.contains(type.apiVersion) else { return nil }
    }

    /// The versions that are read, the present one first.
    package var apiVersions: [String] {
        switch self {
        case .service, .endpoints, .pod, .node, .namespace, .replicationController, .resourceQuota, .secret: ["v1"]
        case .endpointSlice: ["discovery.k8s.io/v1"]
        case .serviceCIDR: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"]
        case .replicaSet, .deployment, .statefulSet, .daemonSet: ["apps/v1"]
        case .ingress: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"]
        case .ingressClass: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"]
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
        case .node, .namespace, .serviceCIDR, .ingressClass, .kubeProxyConfiguration: false
        default: true
        }
    }

    /// The fields of an object of this kind, in its present version.
    package var schema: FieldSchema { schema(in: apiVersions[0]) }

    /// The fields of an object of this kind in a version that is read.
    package func schema(in apiVersion: String) -> FieldSchema {
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
        case .resourceQuota: ResourceQuota.schema
        case .ingress: apiVersion == apiVersions[0] ? Ingress.schema : BetaIngress.schema
        case .ingressClass: IngressClass.schema
        case .secret: Secret.schema
        case .kubeProxyConfiguration: KubeProxyConfiguration.schema
        }
    }
}
