// SPDX-License-Identifier: Apache-2.0

/// An Endpoints object (`v1`), the older form of EndpointSlice: it bears the name of its service.
package struct Endpoints: Sendable, Hashable {
    package var meta: ObjectMeta
    package var subsets: [EndpointSubset] = []

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// Addresses that share ports: each address serves each port.
package struct EndpointSubset: Sendable, Hashable {
    package var addresses: [EndpointAddress] = []
    package var notReadyAddresses: [EndpointAddress] = []
    package var ports: [EndpointPort] = []

    package init() {}
}

/// One address of a subset.
package struct EndpointAddress: Sendable, Hashable {
    package var ip: String = ""
    package var nodeName: String?
    /// Its own name below the service's, for the cluster's DNS.
    package var hostname: String?

    package init() {}
}
