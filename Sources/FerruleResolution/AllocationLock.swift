// SPDX-License-Identifier: Apache-2.0

/// Which ClusterIPs and node ports were allocated, so that the next run gives out the same.
package struct AllocationLock: Sendable, Equatable, Codable {
    /// Of the format of the file.
    package var version = 1
    /// Addresses by `namespace/service`, one a family.
    package var clusterIPs: [String: [String]] = [:]
    /// Node ports by `namespace/service:port/PROTOCOL`, where port is the number of the service port.
    package var nodePorts: [String: Int] = [:]

    package init() {}
}
