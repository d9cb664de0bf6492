// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab

extension Topology {
    /// As for ``packets``, with a pod that is reached another way than the other remote ones, so that their replies to it
    /// pass the node; an address out of the cluster that is answered where no service takes it; and a ClusterIP that is
    /// bound to the node, as a node-local DNS cache does.
    static var policies: Topology {
        var topology = Topology.packets
        topology.node += addresses("10.96.0.53", "fd00:10:96::53")
        topology.outside += addresses("10.244.2.5", "fd00:10:244:2::5", "203.0.113.200", "2001:db8:cb::200")
        return topology
    }
}

extension Lab {
    /// What the hosts of ``Topology/policies`` answer.
    func serveForPolicies() throws {
        try serveForPackets()
        try serve([80], on: addresses("203.0.113.200", "2001:db8:cb::200"))
        try serve([8053, 8080], on: addresses("10.96.0.53", "fd00:10:96::53", "192.0.2.11", "2001:db8::11"))
    }
}
