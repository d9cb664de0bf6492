// SPDX-License-Identifier: Apache-2.0

/// All objects of an input that Ferrule uses, in the order in which they were read.
package struct ClusterObjects: Sendable, Hashable {
    package var services: [Service] = []
    package var endpointSlices: [EndpointSlice] = []
    package var endpoints: [Endpoints] = []
    package var pods: [Pod] = []
    package var workloads: [Workload] = []
    package var nodes: [Node] = []
    package var namespaces: [Namespace] = []
    package var serviceCIDRs: [ServiceCIDR] = []
    package var resourceQuotas: [ResourceQuota] = []
    package var ingresses: [Ingress] = []
    package var ingressClasses: [IngressClass] = []
    package var secrets: [Secret] = []
    /// Not objects of a cluster, but they come in the same files.
    package var proxyConfigurations: [KubeProxyConfiguration] = []

    package init() {}

    /// Adds the objects that follow in the input.
    package mutating func append(_ next: ClusterObjects) {
        services += next.services
        endpointSlices += next.endpointSlices
        endpoints += next.endpoints
        pods += next.pods
        workloads += next.workloads
        nodes += next.nodes
        namespaces += next.namespaces
        serviceCIDRs += next.serviceCIDRs
        resourceQuotas += next.resourceQuotas
        ingresses += next.ingresses
        ingressClasses += next.ingressClasses
        secrets += next.secrets
        proxyConfigurations += next.proxyConfigurations
    }
}
