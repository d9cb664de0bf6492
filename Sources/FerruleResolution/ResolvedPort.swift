// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// One port of a service in one family: the unit that traffic is balanced for.
package struct ResolvedPort: Sendable, Equatable {
    package var namespace: String
    package var service: String
    /// The port's name; empty where it has none.
    package var name: String
    package var clusterIP: IPAddress?
    package var family: IPFamily
    package var `protocol`: TransportProtocol
    package var internalPolicy = TrafficPolicy.cluster
    package var externalPolicy = TrafficPolicy.cluster
    package var port: Port
    package var nodePort: Port?
    package var endpoints = EndpointLists()
    private var rare: Rare?

    package init(
        namespace: String, service: String, name: String, family: IPFamily, protocol: TransportProtocol, port: Port,
        clusterIP: IPAddress? = nil
    ) {
        (self.namespace, self.service, self.name) = (namespace, service, name)
        (self.family, self.protocol, self.port, self.clusterIP) = (family, `protocol`, port, clusterIP)
    }

    /// `namespace/service:port`, without the colon where the port has no name.
    package var label: String { ResolvedPort.label(namespace: namespace, service: service, name: name) }

    /// ``label`` from its parts.
    package static func label(namespace: String, service: String, name: String) -> String {
        // There may be a million: appending would look at the room that is left each time.
        let length = namespace.utf8.count + service.utf8.count + name.utf8.count + (name.isEmpty ? 1 : 2)
        return unsafe String(unsafeUninitializedCapacity: length) { bytes in
            var end = 0
            func append(_ text: Span<UInt8>) {
                for place in text.indices { unsafe bytes[end + place] = text[place] }
                end += text.count
            }
            func append(_ sign: UInt8) {
                unsafe bytes[end] = sign
                end += 1
            }
            append(namespace.utf8Span.span)
            append(UInt8(ascii: "/"))
            append(service.utf8Span.span)
            if !name.isEmpty {
                append(UInt8(ascii: ":"))
                append(name.utf8Span.span)
            }
            return end
        }
    }
}

extension ResolvedPort {
    /// What few ports have: the others hold no room for it.
    private final class Rare: Sendable, Equatable {
        let fields: RareFields

        init(_ fields: RareFields) { self.fields = fields }

        static func == (left: Rare, right: Rare) -> Bool { left.fields == right.fields }
    }

    private struct RareFields: Sendable, Equatable {
        var externalIPs: [IPAddress] = []
        var balancerIPs: [IPAddress] = []
        var sourceRanges: [Prefix]?
        var sourcesHoldNode = false
        var affinitySeconds: Int?
        var areLocalLeaving = false
    }

    private var fields: RareFields {
        get { rare?.fields ?? RareFields() }
        set { rare = newValue == RareFields() ? nil : Rare(newValue) }
    }

    /// `spec.externalIPs` that are not the load balancer's too; sorted, each once.
    package var externalIPs: [IPAddress] {
        get { rare?.fields.externalIPs ?? [] }
        set { if newValue != externalIPs { fields.externalIPs = newValue } }
    }

    /// The addresses in the load balancer's status that are caught here; sorted, each once.
    package var balancerIPs: [IPAddress] {
        get { rare?.fields.balancerIPs ?? [] }
        set { if newValue != balancerIPs { fields.balancerIPs = newValue } }
    }

    /// Who may use the balancer's addresses, as `loadBalancerSourceRanges` have it, disjoint and sorted; nil: everybody. Nobody where
    /// none of these can be read.
    package var sourceRanges: [Prefix]? {
        get { rare?.fields.sourceRanges }
        set { if newValue != sourceRanges { fields.sourceRanges = newValue } }
    }

    /// Whether one of the source ranges holds the node's own address.
    package var sourcesHoldNode: Bool {
        get { rare?.fields.sourcesHoldNode ?? false }
        set { if newValue != sourcesHoldNode { fields.sourcesHoldNode = newValue } }
    }

    /// The balancer's addresses that are let in besides the source ranges, where these hold the node: what a node sends to one of
    /// its own addresses bears that address as its source.
    package var sourcesOfNode: [Prefix] {
        guard sourcesHoldNode, let ranges = sourceRanges else { return [] }
        return balancerIPs.map { Prefix($0) }.filter { address in !ranges.contains { $0.contains(address) } }
    }

    /// Who is let in by the rules, disjoint and sorted; nil: everybody.
    package var allowedSources: [Prefix]? { sourceRanges.map { ($0 + sourcesOfNode).sorted() } }

    /// With `sessionAffinity: ClientIP`, how long a client is remembered after its last new connection, in seconds.
    package var affinitySeconds: Int? {
        get { rare?.fields.affinitySeconds }
        set { if newValue != affinitySeconds { fields.affinitySeconds = newValue } }
    }

    /// Whether the local endpoints are leaving, since none on this node is ready; told where balancers ask.
    package var areLocalLeaving: Bool {
        get { rare?.fields.areLocalLeaving ?? false }
        set { if newValue != areLocalLeaving { fields.areLocalLeaving = newValue } }
    }
}

/// Which endpoints traffic may go to (`internalTrafficPolicy`, `externalTrafficPolicy`).
package enum TrafficPolicy: String, Sendable, CaseIterable {
    case cluster = "Cluster"
    /// Only those on this node.
    case local = "Local"
}

/// The endpoints of a service port.
package struct EndpointLists: Sendable, Equatable {
    /// Those that serve traffic under the policy Cluster: sorted, each once.
    package var cluster: [Endpoint] = []
    /// Those that serve traffic under the policy Local: sorted, each once. Not always a part of `cluster`.
    package var local: [Endpoint] = []
    /// The addresses of all listed endpoints on this node: sorted, each once.
    package var localAddresses: [IPAddress] = []
    /// All endpoints that connections may keep: those that serve, on any node and whatever the policies; sorted, each once.
    package var serving: [Endpoint] = []

    package init() {}

    /// Whether any node has an endpoint that takes traffic: where one does under the policy Local, one does under Cluster.
    package var existAnywhere: Bool { !cluster.isEmpty }

    /// How many get traffic under one policy or the other, each counted once.
    package var count: Int { cluster.count + (local.isEmpty ? 0 : Set(local).subtracting(cluster).count) }

    /// Whether a client that was given a local endpoint may keep it under the policy Cluster.
    package var localIsPartOfCluster: Bool { Set(local).isSubset(of: cluster) }
}
