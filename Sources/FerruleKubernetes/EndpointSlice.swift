// SPDX-License-Identifier: Apache-2.0

/// An EndpointSlice (`discovery.k8s.io/v1`); see
/// <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/>.
package struct EndpointSlice: Sendable, Hashable {
    /// The label that names the service of a slice.
    package static let serviceNameLabel = "kubernetes.io/service-name"

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
        /// Only the first address is used, as in kube-proxy. It is kept without an array: there is hardly ever another one, and
        /// there may be a million endpoints.
        package var addresses: [String] {
            get { (address.map { [$0] } ?? []) + furtherAddresses }
            set { (address, furtherAddresses) = (newValue.first, Array(newValue.dropFirst())) }
        }
        /// The first of ``addresses``.
        package private(set) var address: String?
        private var furtherAddresses: [String] = []
        /// `conditions`; absent ready and serving count as true, absent terminating as false.
        package var ready: Bool?
        package var serving: Bool?
        package var terminating: Bool?
        package var nodeName: String?
        /// Its own name below the service's, for the cluster's DNS.
        package var hostname: String?
        package var zone: String?
        /// `hints.forZones[].name`
        package var zoneHints: [String] = []
        /// `hints.forNodes[].name`
        package var nodeHints: [String] = []

        package init() {}
    }
}

/// One of the `ports` of an EndpointSlice, or of a subset of Endpoints.
package struct EndpointPort: Sendable, Hashable {
    /// Empty where absent.
    package var name: String = ""
    package var `protocol`: String?
    package var port: Int?

    package init() {}
}
