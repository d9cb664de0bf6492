// SPDX-License-Identifier: Apache-2.0

/// A kind that declares pods by a template: ReplicationController (`v1`), ReplicaSet, Deployment, StatefulSet, DaemonSet (`apps/v1`).
package struct Workload: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case replicationController = "ReplicationController"
        case replicaSet = "ReplicaSet"
        case deployment = "Deployment"
        case statefulSet = "StatefulSet"
        case daemonSet = "DaemonSet"

        /// The same among the kinds of all objects.
        package var objectKind: ObjectKind {
            switch self {
            case .replicationController: .replicationController
            case .replicaSet: .replicaSet
            case .deployment: .deployment
            case .statefulSet: .statefulSet
            case .daemonSet: .daemonSet
            }
        }
    }

    package var kind: Kind
    package var meta: ObjectMeta
    /// `spec.replicas`; 1 where absent. Of no meaning for a DaemonSet.
    package var replicas: Int?
    /// `spec.template.metadata.labels`
    package var templateLabels: Labels = [:]
    /// `spec.template.spec`
    package var templateSpec = PodSpec()

    /// `spec.serviceName` of a StatefulSet: the headless service below whose name each of its pods has one.
    package var serviceName: String?
    /// `spec.ordinals.start` of a StatefulSet: the number of its first pod; 0 where absent.
    package var firstOrdinal: Int?

    package init(kind: Kind, meta: ObjectMeta) { (self.kind, self.meta) = (kind, meta) }
}
