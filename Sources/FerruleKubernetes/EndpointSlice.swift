// SPDX-License-Identifier: Apache-2.0

/// An EndpointSlice (`discovery.k8s.io/v1`); see
/// <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>.
package struct EndpointSlice: Sendable, Hashable {
    /// The label that names the service of a slice.
    package static let serviceNameLabel = "kubernetes.io/service-name"
    /// The label that says of a slice, with any value, that its service is headless.
    package static let headlessLabel = "service.kubernetes.io/headless"

    package var meta: ObjectMeta
    /// `IPv4`, `IPv6` or `FQDN`.
    package var addressType: String
    package var endpoints: [Endpoint] = []
    package var ports: [EndpointPort] = []

    package init(meta: ObjectMeta, addressType: String) {
        (self.meta, self.addressType) = (meta, addressType)
    }
}

extension EndpointSlice {
    /// One of `endpoints`.
    package struct Endpoint: Sendable, Hashable {
        /// The first of ``addresses``, the only one that is used, as in kube-proxy.
        package private(set) var address: String?
        /// `conditions`; absent ready and serving count as true, absent terminating as false.
        package var ready: Bool?
        package var serving: Bool?
        package var terminating: Bool?
        package var nodeName: String?
        package var zone: String?
        private var rare: Rare?

        package init() {}
    }
}

extension EndpointSlice.Endpoint {
    /// What few endpoints have. There may be a million of them, so those that have none of it hold no room for it.
    private final class Rare: Sendable, Hashable {
        let fields: RareFields

        init(_ fields: RareFields) { self.fields = fields }

        static func == (left: Rare, right: Rare) -> Bool { left.fields == right.fields }

        func hash(into hasher: inout Hasher) { hasher.combine(fields) }
    }

    private struct RareFields: Sendable, Hashable {
        var furtherAddresses: [String] = []
        var hostname: String?
        var zoneHints: [String] = []
        var nodeHints: [String] = []
    }

    private var fields: RareFields {
        get { rare?.fields ?? RareFields() }
        set { rare = newValue == RareFields() ? nil : Rare(newValue) }
    }

    package var addresses: [String] {
        get { (address.map { [$0] } ?? []) + fields.furtherAddresses }
        set {
            address = newValue.first
            if newValue.count > 1 || rare != nil { fields.furtherAddresses = Array(newValue.dropFirst()) }
        }
    }

    /// Its own name below the service's, for the cluster's DNS.
    package var hostname: String? {
        get { rare?.fields.hostname }
        set { if newValue != hostname { fields.hostname = newValue } }
    }

    /// `hints.forZones[].name`
    package var zoneHints: [String] {
        get { rare?.fields.zoneHints ?? [] }
        set { if newValue != zoneHints { fields.zoneHints = newValue } }
    }

    /// `hints.forNodes[].name`
    package var nodeHints: [String] {
        get { rare?.fields.nodeHints ?? [] }
        set { if newValue != nodeHints { fields.nodeHints = newValue } }
    }
}

/// One of the `ports` of an EndpointSlice, or of a subset of Endpoints.
package struct EndpointPort: Sendable, Hashable {
    /// Empty where absent.
    package var name: String = ""
    package var `protocol`: String?
    package var port: Int?
    package var appProtocol: String?

    package init() {}
}
