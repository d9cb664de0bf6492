// SPDX-License-Identifier: Apache-2.0
//
// FerruleCompiler: resolved services to a ruleset. It knows what nftables can do and nothing of how rules are written down
// or sent. The layout: a service is one element of the map `services`, its i-th endpoint one element of the map
// `endpoints-i`; chains exist for each slot i and each number of endpoints, never for a service.

package import FerruleNetwork
package import FerruleRuleset

/// Every name of the kernel objects.
package enum ObjectNames {
    /// The table of a family.
    package static func table(_ family: IPFamily) -> TableName { TableName(family, "ferrule") }

    /// Virtual address, protocol and port : where its traffic goes.
    static let services = SetName("services")
    /// Protocol and node port : where its traffic goes.
    static let nodePorts = SetName("nodeports")
    /// The ClusterIPs in use.
    static let clusterIPs = SetName("cluster-ips")
    /// The ranges that ClusterIPs are taken from.
    static let serviceCIDRs = SetName("service-cidrs")
    /// The ranges that pods are in.
    static let podCIDRs = SetName("pod-cidrs")
    /// The node's addresses that accept node port traffic.
    static let nodePortAddresses = SetName("nodeport-addresses")
    /// Pairs of each local endpoint address with itself: a pod that reached itself through a service.
    static let hairpin = SetName("hairpin")

    /// Finds the way to a service; everything enters here.
    static let dispatch = ChainName("dispatch")
    /// Refuses and drops what no service is there for.
    static let unserved = ChainName("unserved")
    /// Refuses traffic of services without endpoints.
    static let refuse = ChainName("refuse")

    static let prerouting = ChainName("nat-prerouting")
    static let output = ChainName("nat-output")
    static let postrouting = ChainName("nat-postrouting")
}

/// What a family of slot chains serves. Virtual addresses and node ports never share slots: with a slot missing for a
/// moment, one service's packets would reach another's pods.
enum SlotScope: Hashable, CaseIterable {
    case service
    case nodePort

    private var prefix: String { self == .service ? "" : "nodeport-" }

    /// The map of the endpoints number `slot`: `endpoints-0`, `nodeport-endpoints-0`.
    func endpoints(_ slot: Int) -> SetName { SetName("\(prefix)endpoints-\(slot)") }

    /// The chain that translates to endpoint number `slot`.
    func slot(_ slot: Int) -> ChainName { ChainName("\(prefix)slot-\(slot)") }

    /// The chain that picks one of `count` slots, each equally often.
    func balance(_ count: Int) -> ChainName { ChainName("\(prefix)lb-\(count)") }

    /// The chain that marks for masquerading, then picks one of `count` slots.
    func external(_ count: Int) -> ChainName { ChainName("\(prefix)external-\(count)") }

    /// What the maps of the scope are looked up by.
    var key: [Field] {
        switch self {
        case .service: [.destinationAddress, .transportProtocol, .destinationPort]
        case .nodePort: [.transportProtocol, .destinationPort]
        }
    }

    var keyType: [SetDefinition.DataType] {
        switch self {
        case .service: [.address, .transportProtocol, .port]
        case .nodePort: [.transportProtocol, .port]
        }
    }
}
