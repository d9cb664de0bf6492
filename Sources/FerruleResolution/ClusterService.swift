// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleNetwork

/// A service as it is on every node: its addresses, its ports, and all endpoints with their nodes and zones. What of it
/// concerns one node is decided by ``NodeView/resolve(_:)`` alone.
package struct ClusterService: Sendable, Equatable {
    /// What becomes of a service's traffic in principle.
    package enum Kind: Sendable, Equatable {
        /// It has virtual addresses.
        case virtual
        /// `clusterIP: None`: its name leads to the endpoints themselves.
        case headless
        /// `type: ExternalName`: its name stands for another one.
        case externalName
        /// Its label gives it to another proxy (``Service/proxyNameLabel``).
        case leftToAnotherProxy
    }

    package let key: ObjectKey
    package let kind: Kind
    package var type = ServiceType.clusterIP
    /// The name that an ExternalName stands for (`spec.externalName`); empty for other services.
    package var externalName = ""
    /// At most one a family, given or allocated; none for a headless service or an ExternalName.
    package var clusterIPs: [IPAddress] = []
    /// `spec.externalIPs` that are not the load balancer's too; sorted, each once, of both families.
    package var externalIPs: [IPAddress] = []
    /// The addresses in the load balancer's status that are caught on the node; sorted, each once, of both families.
    package var balancerIPs: [IPAddress] = []
    /// `spec.loadBalancerSourceRanges` as they were given, those left out that cannot be read.
    package var sourceRanges: [Prefix] = []
    /// Whether there is one that cannot be read, which lets nobody in.
    package var hasUnreadableSourceRange = false
    package var internalPolicy = TrafficPolicy.cluster
    package var externalPolicy = TrafficPolicy.cluster
    /// `spec.healthCheckNodePort`: where balancers ask whether a node has endpoints of a service with the external policy
    /// Local; nil for other services.
    package var healthCheckNodePort: Port?
    /// With `sessionAffinity: ClientIP`, how long a client is remembered after its last new connection, in seconds.
    package var affinitySeconds: Int?
    /// Those of a headless service have no candidates: ``headlessEndpoints`` tell which of them they serve.
    package var ports: [ClusterServicePort] = []
    /// Where the name of a headless service leads, whatever its ports; of other services the ports have the endpoints.
    package var headlessEndpoints: [HeadlessEndpoint] = []

    init(_ key: ObjectKey, _ kind: Kind) { (self.key, self.kind) = (key, kind) }
}

/// `spec.type` of a Service; raw values are the API's.
package enum ServiceType: String, Sendable {
    case clusterIP = "ClusterIP"
    case nodePort = "NodePort"
    case loadBalancer = "LoadBalancer"
    case externalName = "ExternalName"
}

/// One of a service's ports, with its endpoints.
package struct ClusterServicePort: Sendable, Equatable {
    /// Empty where it has none.
    package let name: String
    package let `protocol`: TransportProtocol
    package let number: Port
    package var nodePort: Port?
    /// All endpoints in the families in which the service has an address, in no particular order.
    package var candidates = CandidatesByFamily()
}

/// Endpoints of a port, those of each family by themselves.
package struct CandidatesByFamily: Sendable, Equatable {
    private var ipv4: [EndpointCandidate] = []
    private var ipv6: [EndpointCandidate] = []

    package init() {}

    package subscript(_ family: IPFamily) -> [EndpointCandidate] {
        get { family == .ipv4 ? ipv4 : ipv6 }
        set { if family == .ipv4 { ipv4 = newValue } else { ipv6 = newValue } }
    }

    /// Of both families.
    package var all: [EndpointCandidate] { ipv4 + ipv6 }
}

/// One address that the name of a headless service leads to.
package struct HeadlessEndpoint: Sendable, Hashable {
    package let address: IPAddress
    /// Whether the cluster's DNS names it: it is ready, or `publishNotReadyAddresses` is set.
    package let isReady: Bool
    /// Its own name below the service's (`endpoints[].hostname`); nil where it has none.
    package let hostname: String?
    package let nodeName: String?
    /// The zone that its slice says; nil where none does.
    package var zone: String?
    package var isTerminating = false
    /// The ports that it serves, by the names of the service's ports; sorted by name.
    package let ports: [HeadlessPort]
}

/// A port of an endpoint of a headless service.
package struct HeadlessPort: Sendable, Hashable {
    /// Empty where it has none.
    package let name: String
    package let `protocol`: TransportProtocol
    package let number: Port
}
