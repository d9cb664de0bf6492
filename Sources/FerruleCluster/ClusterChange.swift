// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes

/// An object of a cluster.
package enum ClusterObject: Sendable, Hashable {
    /// The kinds of objects that a ``ClusterStore`` holds, named as the API names them.
    package enum Kind: Sendable, Hashable {
        case service, endpointSlice, endpoints, pod, node, namespace, serviceCIDR
        case workload(Workload.Kind)
    }

    case service(Service)
    case endpointSlice(EndpointSlice)
    case endpoints(Endpoints)
    case pod(Pod)
    case workload(Workload)
    case node(Node)
    case namespace(Namespace)
    case serviceCIDR(ServiceCIDR)

    package var kind: Kind {
        switch self {
        case .service: .service
        case .endpointSlice: .endpointSlice
        case .endpoints: .endpoints
        case .pod: .pod
        case .workload(let workload): .workload(workload.kind)
        case .node: .node
        case .namespace: .namespace
        case .serviceCIDR: .serviceCIDR
        }
    }

    package var meta: ObjectMeta {
        switch self {
        case .service(let object): object.meta
        case .endpointSlice(let object): object.meta
        case .endpoints(let object): object.meta
        case .pod(let object): object.meta
        case .workload(let object): object.meta
        case .node(let object): object.meta
        case .namespace(let object): object.meta
        case .serviceCIDR(let object): object.meta
        }
    }
}

/// One thing that happened to a cluster.
package enum ClusterChange: Sendable, Hashable {
    /// The object is there from now on, in the place of one of its kind, namespace and name.
    case put(ClusterObject)
    /// There is no such object any more; of no effect where there was none.
    case delete(ClusterObject.Kind, ObjectKey)

    package var kind: ClusterObject.Kind {
        switch self {
        case .put(let object): object.kind
        case .delete(let kind, _): kind
        }
    }
}

extension ClusterObjects {
    /// The objects as changes of a cluster that has none of them, in the order of their kinds.
    package var changes: [ClusterChange] {
        services.map { .put(.service($0)) } + endpointSlices.map { .put(.endpointSlice($0)) }
            + endpoints.map { .put(.endpoints($0)) } + pods.map { .put(.pod($0)) }
            + workloads.map { .put(.workload($0)) } + nodes.map { .put(.node($0)) }
            + namespaces.map { .put(.namespace($0)) } + serviceCIDRs.map { .put(.serviceCIDR($0)) }
    }
}

extension [ClusterChange] {
    /// Leaves out each change that a later one makes without effect, so that what waits is never more than all objects.
    package mutating func compact() {
        var last: [Subject: Int] = [:]
        last.reserveCapacity(count)
        for (index, change) in enumerated() { last[Subject(change)] = index }
        guard last.count < count else { return }
        self = indices.filter { last[Subject(self[$0])] == $0 }.map { self[$0] }
    }

    /// What a change is about.
    private struct Subject: Hashable {
        let kind: ClusterObject.Kind
        let key: ObjectKey

        init(_ change: ClusterChange) {
            switch change {
            case .put(let object): (kind, key) = (object.kind, ObjectKey(object.meta))
            case .delete(let kind, let key): (self.kind, self.key) = (kind, key)
            }
        }
    }
}
