// SPDX-License-Identifier: Apache-2.0
//
// FerruleCompiler: resolved services to a ruleset. It knows what nftables can do and nothing of how rules are written down
// or sent. The layout: a service is one element of the map `services`, its i-th endpoint one element of the map
// `endpoints-i`; chains exist for each slot i and each shape of traffic, such as "three endpoints, masqueraded", never for a
// service, except that a service port with session affinity has a map and chains of its own. A service of more than
// 1,024 endpoints is cut into parts, which are like services of their own.

package import FerruleNetwork
package import FerruleRuleset

/// The names of the kernel objects that exist once.
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
    /// Balancer address, protocol, port and the ranges that may use them.
    static let sourceRanges = SetName("source-ranges")
    /// Address, protocol and port of services with affinity : how to record a new connection.
    static let affinityServices = SetName("affinity-services")

    /// Finds the way to a service; everything enters here.
    static let dispatch = ChainName("dispatch")
    /// Refuses and drops what no service is there for.
    static let unserved = ChainName("unserved")
    /// Refuses traffic of services without endpoints.
    static let refuse = ChainName("refuse")
    /// Refuses it too, unless a node port answers at the address.
    static let externalRefuse = ChainName("external-refuse")
    /// Records which endpoint a client of a service with affinity was given.
    static let remember = ChainName("remember")

    static let prerouting = ChainName("nat-prerouting")
    static let output = ChainName("nat-output")
    static let postrouting = ChainName("nat-postrouting")
    static let inputRecording = ChainName("nat-input")
    static let postroutingRecording = ChainName("nat-remember")

    /// Whether a set or chain bears a name that the compiler makes up for a number of endpoints, a kind of traffic or a
    /// service with affinity, and so may stand in the kernel from a time when it was needed.
    package static func isGenerated(_ name: String) -> Bool {
        guard let hyphen = name.firstIndex(of: "-") else { return name == remember.description }
        return generatedStarts.contains(name[..<hyphen]) || generatedOnce.contains(name)
    }

    private static let generatedStarts: Set<Substring> = [
        "endpoints", "slot", "parts", "part", "lb", "local", "external", "sticky", "nodeport", "firewall", "affinity",
        "recall", "remember", "both",
    ]

    /// What is made only for source ranges or affinity.
    private static let generatedOnce: Set<String> = Set(
        [sourceRanges.description] + [inputRecording, postroutingRecording].map(\.description))
}
