// SPDX-License-Identifier: Apache-2.0

/// A Service (`v1`). Fields carry the API's names and spellings; see
/// <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/>.
package struct Service: Sendable, Hashable {
    /// The annotation that told a balancer's ranges before `spec.loadBalancerSourceRanges` did. kube-proxy does not
    /// read it.
    package static let sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges"
    /// The label that leaves a service to the proxy that it names.
    package static let proxyNameLabel = "service.kubernetes.io/service-proxy-name"

    package var meta: ObjectMeta
    package var spec: ServiceSpec
    /// `status.loadBalancer.ingress`.
    package var loadBalancerIngress: [LoadBalancerIngress] = []
    /// The value of ``sourceRangesAnnotation``; of what an API server has written none: it has checked it.
    package var annotatedSourceRanges: String?

    package init(meta: ObjectMeta, spec: ServiceSpec, loadBalancerIngress: [LoadBalancerIngress] = []) {
        self.meta = meta
        self.spec = spec
        self.loadBalancerIngress = loadBalancerIngress
    }
}

/// `spec` of a Service. Absent fields are nil or empty; defaults are applied by whoever reads them.
package struct ServiceSpec: Sendable, Hashable {
    /// `ClusterIP` (the default), `NodePort`, `LoadBalancer` or `ExternalName`.
    package var type: String?
    /// An address, `None` for a headless service, or absent or empty where one is to be allocated.
    package var clusterIP: String?
    package var clusterIPs: [String]?
    /// `IPv4`, `IPv6`.
    package var ipFamilies: [String]?
    /// `SingleStack`, `PreferDualStack`, `RequireDualStack`.
    package var ipFamilyPolicy: String?
    package var ports: [ServicePort] = []
    /// nil where the service has no selector, so that its endpoints are made by hand.
    package var selector: Labels?
    package var externalIPs: [String] = []
    package var externalName: String?
    /// `Cluster` (the default) or `Local`.
    package var externalTrafficPolicy: String?
    /// `Cluster` (the default) or `Local`.
    package var internalTrafficPolicy: String?
    /// `None` (the default) or `ClientIP`.
    package var sessionAffinity: String?
    /// `sessionAffinityConfig.clientIP.timeoutSeconds`; 10800 where absent.
    package var affinityTimeoutSeconds: Int?
    /// Whether `sessionAffinityConfig` is present, even if it names no timeout.
    package var hasAffinityConfig = false
    package var loadBalancerClass: String?
    package var loadBalancerSourceRanges: [String] = []
    package var allocateLoadBalancerNodePorts: Bool?
    package var publishNotReadyAddresses: Bool?
    package var healthCheckNodePort: Int?
    package var trafficDistribution: String?

    package init() {}
}

/// One of `spec.ports`.
package struct ServicePort: Sendable, Hashable {
    /// Empty where absent, as in the API.
    package var name: String = ""
    /// `TCP` (the default), `UDP` or `SCTP`.
    package var `protocol`: String?
    package var port: Int?
    package var targetPort: IntOrString?
    /// 0 and absent both mean none.
    package var nodePort: Int?
    package var appProtocol: String?

    package init() {}
}

/// A field that may hold a number or a name (`IntOrString`), such as `targetPort`.
package enum IntOrString: Sendable, Hashable, CustomStringConvertible {
    case number(Int)
    case name(String)

    package var description: String {
        switch self {
        case .number(let number): String(number)
        case .name(let name): name
        }
    }
}

/// One of `status.loadBalancer.ingress`.
package struct LoadBalancerIngress: Sendable, Hashable {
    package var ip: String?
    package var hostname: String?
    /// `VIP` (the default) or `Proxy`.
    package var ipMode: String?

    package init() {}
}
