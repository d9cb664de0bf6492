// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleDiagnostics
package import FerruleNetwork

/// A service as it is found: by its name in the cluster's DNS, and by the variables of containers. Which proxy serves it, and
/// from which node it is seen, is all the same.
package struct NamedService: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Its name leads to its ClusterIPs.
        case virtual
        /// Its name leads to its endpoints.
        case headless
        /// Its name stands for another one (`spec.externalName`).
        case externalName(String)
    }

    package let key: ObjectKey
    package let kind: Kind
    /// Where the Service was read.
    package let origin: Origin
    /// At most one a family, given or allocated, the primary one first; none unless it is ``Kind/virtual``.
    package let clusterIPs: [IPAddress]
    /// The primary ClusterIP as the object writes it, whose spelling may be another than that of ``clusterIPs``; nil where it
    /// is allocated.
    package let writtenClusterIP: String?
    /// In the order of `spec.ports`, without endpoints.
    package var ports: [ClusterServicePort] = []
    /// What its slices, its Endpoints or its pods tell, in their order; an address may stand there more than once. Empty where
    /// nobody asked for endpoints.
    package var endpoints: [HeadlessEndpoint] = []

    init(_ key: ObjectKey, _ kind: Kind, origin: Origin, clusterIPs: [IPAddress], writtenClusterIP: String?) {
        (self.key, self.kind, self.origin) = (key, kind, origin)
        (self.clusterIPs, self.writtenClusterIP) = (clusterIPs, writtenClusterIP)
    }
}
