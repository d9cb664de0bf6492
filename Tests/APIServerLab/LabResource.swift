// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Foundation

/// What the test server serves.
package enum LabResource: String, Sendable, CaseIterable {
    case services, endpointslices, nodes, servicecidrs

    var apiVersion: String {
        switch self {
        case .services, .nodes: "v1"
        case .endpointslices: "discovery.k8s.io/v1"
        case .servicecidrs: "networking.k8s.io/v1"
        }
    }

    var kind: String {
        switch self {
        case .services: "Service"
        case .endpointslices: "EndpointSlice"
        case .nodes: "Node"
        case .servicecidrs: "ServiceCIDR"
        }
    }

    var path: String { (apiVersion == "v1" ? "/api/" : "/apis/") + apiVersion + "/" + rawValue }

    init?(_ kind: ClusterObject.Kind) {
        switch kind {
        case .service: self = .services
        case .endpointSlice: self = .endpointslices
        case .node: self = .nodes
        case .serviceCIDR: self = .servicecidrs
        default: return nil
        }
    }
}

/// A request as the server saw it.
package struct LabRequest: Sendable {
    package let resource: LabResource?
    package let path: String
    package let query: [String: String]
    let accept: String
    let token: String?

    package var isWatch: Bool { query["watch"] == "1" }
    package var isStreamingList: Bool { query["sendInitialEvents"] == "true" }

    /// - Parameter uri: the path with its query.
    init(uri: String, accept: String, authorization: String?) {
        let parts = uri.split(separator: "?", maxSplits: 1)
        let path = parts.first.map(String.init) ?? ""
        self.path = path
        resource = LabResource.allCases.first { $0.path == path }
        query = (parts.count > 1 ? parts[1].split(separator: "&") : []).reduce(into: [:]) { query, item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(pair[0])] = pair.count > 1 ? String(pair[1]).removingPercentEncoding ?? "" : ""
        }
        self.accept = accept
        token = authorization.map { String($0.dropFirst("Bearer ".count)) }
    }

    /// Whether the selectors take an object: `!LABEL`, `metadata.name=NAME` and `spec.clusterIP!=None`, which are all that
    /// anybody asks with.
    func selects(_ object: ClusterObject) -> Bool {
        let absent = (query["labelSelector"] ?? "").split(separator: ",").map { $0.dropFirst() }
        guard absent.allSatisfy({ object.meta.labels[String($0)] == nil }) else { return false }
        switch (query["fieldSelector"] ?? "", object) {
        case ("spec.clusterIP!=None", .service(let service)): return service.spec.clusterIP != "None"
        case (let selector, _) where selector.hasPrefix("metadata.name="):
            return object.meta.name == selector.dropFirst("metadata.name=".count)
        default: return true
        }
    }
}
