// SPDX-License-Identifier: Apache-2.0

package import FerruleKubernetes

/// What Ferrule asks an API server for.
package enum Resource: String, Sendable, Hashable, CaseIterable {
    case services, endpointslices, nodes, servicecidrs

    /// The kind of its objects.
    package var kind: ObjectKind {
        switch self {
        case .services: .service
        case .endpointslices: .endpointSlice
        case .nodes: .node
        case .servicecidrs: .serviceCIDR
        }
    }

    /// The path of its list below the server's address.
    var path: String {
        let version = kind.apiVersions[0]
        return (version.contains("/") ? "/apis/" : "/api/") + version + "/" + rawValue
    }

    /// Whether a server may lack it: ServiceCIDRs are there since Kubernetes 1.33.
    var isOptional: Bool { self == .servicecidrs }

    /// The objects to ask for, as kube-proxy 1.36 does (`cmd/kube-proxy/app/server.go`): no services of other proxies and no
    /// headless ones, and of the nodes only one.
    ///
    /// - Parameter node: the name of the node.
    func selectors(node: String) -> [(name: String, value: String)] {
        switch self {
        case .services:
            [
                ("labelSelector", "!\(Service.proxyNameLabel)"),
                ("fieldSelector", "spec.clusterIP!=None"),
            ]
        case .endpointslices: [("labelSelector", "!\(EndpointSlice.headlessLabel)")]
        case .nodes: [("fieldSelector", "metadata.name=\(node)")]
        case .servicecidrs: []
        }
    }
}
