// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import Foundation
import NIOCore
import NIOHTTP1

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
    /// Where events about objects without a namespace are made.
    static let eventsPath = "/apis/events.k8s.io/v1/namespaces/default/events"

    package let method: String
    package let resource: LabResource?
    /// Of the objects that are asked for; nil for those of all namespaces.
    let namespace: String?
    package let path: String
    package let query: [String: String]
    let accept: String
    package let token: String?
    /// The headers `Impersonate-...`, as `NAME: VALUE` in their order.
    package let impersonation: [String]
    let body: String

    package var isWatch: Bool { ["1", "true"].contains(query["watch"]) }
    package var isStreamingList: Bool { query["sendInitialEvents"] == "true" }

    init(_ head: HTTPRequestHead, _ body: ByteBuffer) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        let path = parts.first.map(String.init) ?? ""
        self.path = path
        (method, self.body) = (head.method.rawValue, String(buffer: body))
        var steps = path.split(separator: "/").map(String.init)
        if let place = steps.firstIndex(of: "namespaces"), place + 1 < steps.count {
            namespace = steps[place + 1]
            steps.removeSubrange(place...place + 1)
        } else {
            namespace = nil
        }
        let whole = "/" + steps.joined(separator: "/")
        resource = LabResource.allCases.first { $0.path == whole }
        query = (parts.count > 1 ? parts[1].split(separator: "&") : []).reduce(into: [:]) { query, item in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(pair[0])] = pair.count > 1 ? String(pair[1]).removingPercentEncoding ?? "" : ""
        }
        accept = head.headers.first(name: "accept") ?? ""
        impersonation = head.headers.filter { $0.name.hasPrefix("Impersonate-") }.map { "\($0.name): \($0.value)" }
        token = head.headers.first(name: "authorization").map { String($0.dropFirst("Bearer ".count)) }
    }

    /// Whether the selectors take an object: `!LABEL`, `metadata.name=NAME` and `spec.clusterIP!=None`, which are all that
    /// anybody asks with.
    func selects(_ object: ClusterObject) -> Bool {
        guard namespace == nil || object.meta.namespace == namespace else { return false }
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
