// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster

/// Which of several claims of one virtual address and port, or of one node port, gets it: the least.
///
/// A ClusterIP goes before other addresses, then one that leads to endpoints before one that refuses, then the service that is
/// first by namespace and name.
package struct ClaimOrder: Sendable, Comparable {
    /// As what a service has the key.
    package enum Rank: UInt8, Sendable, Comparable {
        case clusterIP
        /// A balancer's address: its ranges hold also where it is an external IP besides.
        case balancerIP
        case externalIP
        case nodePort

        package static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }

    package let rank: Rank
    /// Whether any node has an endpoint for it.
    package let isServed: Bool
    package let service: ObjectKey
    /// Its place among the ports of the service.
    package let port: Int

    package init(_ rank: Rank, isServed: Bool, service: ObjectKey, port: Int) {
        (self.rank, self.isServed, self.service, self.port) = (rank, isServed, service, port)
    }

    package static func < (left: ClaimOrder, right: ClaimOrder) -> Bool {
        let isClusterIP = (left.rank == .clusterIP, right.rank == .clusterIP)
        if isClusterIP.0 != isClusterIP.1 { return isClusterIP.0 }
        if !isClusterIP.0, left.isServed != right.isServed { return left.isServed }
        if left.service != right.service { return left.service < right.service }
        return left.port == right.port ? left.rank < right.rank : left.port < right.port
    }
}
